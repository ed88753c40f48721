import { describe, expect, test } from 'vitest';
import { shortened } from '../../../cli/demo/alert-digest.ts';
import { createScreen, wrapped } from '../../../cli/demo/screen.ts';

describe('lines that fit', () => {
  test('text is broken between words, and goes on under its beginning', () => {
    expect(wrapped('one two three four', 11, '- ', '  ')).toEqual(['- one two', '  three', '  four']);
  });

  test('a word that is longer than a line stays whole, so that it can be copied', () => {
    expect(wrapped('see arn:aws:iam::111122223333:user/dana now', 12, '', '')).toEqual([
      'see',
      'arn:aws:iam::111122223333:user/dana',
      'now',
    ]);
  });

  test('colour takes no room', () => {
    expect(wrapped('ab cd', 8, '\u001b[32mok\u001b[39m ', '   ')).toEqual(['\u001b[32mok\u001b[39m ab cd']);
  });
});

describe('the screen', () => {
  test('nothing turns when it is piped', async () => {
    let text = '';
    const screen = createScreen({ write: (part) => (text += part) });
    await screen.during('deploy', Promise.resolve());
    screen.line('done');
    expect(text).toBe('done\n');
  });

  test('on a terminal the turning line gives way to each real one', async () => {
    let text = '';
    const screen = createScreen({ isTTY: true, columns: 80, write: (part) => (text += part) });
    await screen.during('deploy', Promise.resolve());
    screen.line('done');
    expect(text).toContain('deploy');
    expect(text.endsWith('\r\u001b[Kdone\n')).toBe(true);
  });

  test('once muted it says nothing more', () => {
    let text = '';
    const screen = createScreen({ write: (part) => (text += part) });
    screen.mute();
    screen.line('too late');
    expect(text).toBe('');
  });
});

describe('an alert, shortened', () => {
  const alert = ['HEAD', 'second', '', 'OPEN', '- one', '  You: act', '- two', '- three', '', 'NEXT', '- look'];

  test('its first lines, and how many follow', () => {
    expect(shortened(alert.join('\n'), { head: 2 })).toEqual(['HEAD', 'second', '(9 more lines)']);
    expect(shortened('HEAD\nsecond', { head: 2 })).toEqual(['HEAD', 'second']);
  });

  test('so many entries of each section, each whole, and how many are left out', () => {
    expect(shortened(alert.join('\n'), { ofEachSection: 1 })).toEqual([
      ...['HEAD', 'second', ''],
      ...['OPEN', '- one', '  You: act', '(2 more)', ''],
      ...['NEXT', '- look'],
    ]);
    expect(shortened(alert.join('\n'), { ofEachSection: 3 })).toEqual(alert);
  });
});
