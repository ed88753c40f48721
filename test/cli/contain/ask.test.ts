import { describe, expect, it } from 'vitest';
import { isYes } from '../../../cli/contain/ask.ts';

describe('the last question before access is taken', () => {
  it.each(['y', 'Y', 'yes', 'YES', ' yes '])('takes %j for a yes', (answer) => {
    expect(isYes(answer)).toBe(true);
  });

  it.each(['', 'n', 'no', 'yess', 'y es', 'ja', 'yes please', 'true', '1', 'yes\nno'])('and %j for none', (answer) => {
    expect(isYes(answer)).toBe(false);
  });
});
