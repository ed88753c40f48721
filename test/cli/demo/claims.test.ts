import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createClaims } from '../../../cli/demo/claims.ts';
import { createScreen } from '../../../cli/demo/screen.ts';
import { showClaims } from '../../../cli/demo/show.ts';

const good = { text: 'it is so', proof: 'GetUser', holds: true, seen: '' };
const bad = { text: 'it is not', proof: 'ListAccessKeys', holds: false, seen: 'AKIA1 is Active' };

test('a demo that proved nothing has not succeeded', () => {
  expect(createClaims().hold()).toBe(false);
});

test('one claim that fails is enough', () => {
  const claims = createClaims();
  claims.add(good);
  expect(claims.hold()).toBe(true);
  claims.add(bad);
  claims.add(good);
  expect(claims.hold()).toBe(false);
});

test('a claim is shown with its proof, and with what was seen instead where it fails', () => {
  let text = '';
  showClaims(createScreen({ write: (part) => (text += part) }), [good, bad]);
  expect(stripVTControlCharacters(text)).toBe(
    [
      '  ok      it is so',
      '          GetUser',
      '  FAILED  it is not',
      '          ListAccessKeys',
      '          seen: AKIA1 is Active',
      '',
    ].join('\n'),
  );
});
