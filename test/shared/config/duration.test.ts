import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../shared/config/duration.ts';

describe('a duration', () => {
  it.each([
    ['30 s', 30],
    ['30s', 30],
    [' 15 m ', 900],
    ['36 h', 129_600],
    ['30 d', 2_592_000],
    ['365 d', 31_536_000],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toEqual({ kind: 'seconds', seconds });
  });

  it.each<[unknown, string]>([
    [15, '15 has no unit'],
    ['15', 'is not a duration'],
    ['1.5 h', 'is not a duration'],
    ['-5 s', 'is not a duration'],
    ['15 min', 'is not a duration'],
    ['PT15M', 'is not a duration'],
    ['', 'is not a duration'],
    [null, 'is not a duration'],
    ['0 s', 'at least 1 s'],
    ['366 d', 'more than 365 d'],
  ])('%j is refused', (value, message) => {
    expect(parseDuration(value)).toEqual({ kind: 'wrong', message: expect.stringContaining(message) });
  });

  it.each([
    [30, '30 s'],
    [60, '60 s'],
    [900, '15 m'],
    [129_600, '36 h'],
    [2_592_000, '30 d'],
    [3601, '3601 s'],
  ])('%i seconds are shown as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
