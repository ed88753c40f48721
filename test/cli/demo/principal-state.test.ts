import { describe, expect, test } from 'vitest';
import { differenceLine, differences, fingerprint, type PrincipalState } from '../../../cli/demo/principal-state.ts';

const state = (facts: Record<string, string>): PrincipalState => ({
  facts: new Map(Object.entries(facts)),
  unavailable: [],
});

describe('the state of a principal, compared', () => {
  test('the same facts in another order are no difference and have the same hash', () => {
    const a = state({ id: 'AIDA1', 'access key AKIA1': 'Active' });
    const b = state({ 'access key AKIA1': 'Active', id: 'AIDA1' });
    expect(differences(a, b)).toEqual([]);
    expect(fingerprint(a)).toBe(fingerprint(b));
  });

  test('a fact that changed, one that came and one that went are each named, in order', () => {
    const before = state({ id: 'AIDA1', 'access key AKIA1': 'Active', 'group admins': 'member' });
    const after = state({ id: 'AIDA1', 'access key AKIA1': 'Inactive', 'tag team': 'reporting' });
    expect(differences(before, after)).toEqual([
      { fact: 'access key AKIA1', before: 'Active', after: 'Inactive' },
      { fact: 'group admins', before: 'member' },
      { fact: 'tag team', after: 'reporting' },
    ]);
  });

  test.each([
    ['a space more', '{"Statement":[]}', '{"Statement": []}'],
    ['another order', '{"A":1,"B":2}', '{"B":2,"A":1}'],
    ['another way of writing a letter', '%7B%22a%22%7D', '{"a"}'],
  ])('a document that means the same in other bytes is a difference: %s', (_, one, other) => {
    const [a, b] = [state({ 'inline policy p': one }), state({ 'inline policy p': other })];
    expect(differences(a, b)).toHaveLength(1);
    expect(fingerprint(a)).not.toBe(fingerprint(b));
  });

  test('an empty value is not the same as none', () => {
    expect(differences(state({ 'tag x': '' }), state({}))).toEqual([{ fact: 'tag x', before: '' }]);
  });

  test('facts cannot be taken for one another because of where a name ends', () => {
    expect(fingerprint(state({ ab: 'c' }))).not.toBe(fingerprint(state({ a: 'bc' })));
  });

  test.each([
    [{ fact: 'access key AKIA1', before: 'Active', after: 'Inactive' }, 'access key AKIA1: Active -> Inactive'],
    [{ fact: 'attached policy p', after: 'attached' }, 'attached policy p: none -> attached'],
    [{ fact: 'inline policy p', before: 'x'.repeat(300) }, 'inline policy p: 300 bytes -> none'],
  ])('a difference is told in one line: %o', (difference, line) => {
    expect(differenceLine(difference)).toBe(line);
  });
});
