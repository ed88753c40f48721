import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendDeny, denies, orphanedIds, removeDeny } from '../../../shared/containment/trust.ts';

const ALLOW = '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"sts:AssumeRole"}';
const DENY = { Sid: 'RescindBlockTrust', Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole*' } as const;
const OURS = '{"Sid":"RescindBlockTrust","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole*"}';

function appended(trust: string): string {
  const edit = appendDeny(trust, DENY);
  if (edit.kind !== 'edit') throw new Error(edit.why);
  return edit.document;
}

describe('one statement of ours in a trust policy', () => {
  test('is appended after the last one, and every other byte stays', () => {
    expect(appended(`{ "Version": "2012-10-17",\n  "Statement": [ ${ALLOW} ]\n}`)).toBe(
      `{ "Version": "2012-10-17",\n  "Statement": [ ${ALLOW},${OURS} ]\n}`,
    );
  });

  test('makes a list of a statement that stands alone', () => {
    expect(appended(`{"Statement": ${ALLOW} ,"Version":"2012-10-17"}`)).toBe(
      `{"Statement": [${ALLOW},${OURS}] ,"Version":"2012-10-17"}`,
    );
  });

  test('is not fooled by brackets and names inside of texts', () => {
    const tricky = `{"Id":"\\"Statement\\":[]}","Statement":[{"Sid":"]}\\\\","Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}`;
    expect(appended(tricky)).toBe(`${tricky.slice(0, -2)},${OURS}]}`);
    expect(removeDeny(appended(tricky), DENY)).toBe(tricky);
  });

  test('is appended once', () => {
    const once = appended(`{"Statement":[${ALLOW}]}`);
    expect(appended(once)).toBe(once);
    expect(denies(once, DENY)).toBe(true);
  });

  test('is not written over somebody’s statement of the same Sid', () => {
    const theirs = OURS.replace('"*"', '{"AWS":"arn:aws:iam::111122223333:user/bob"}');
    expect(appendDeny(`{"Statement":[${ALLOW},${theirs}]}`, DENY)).toMatchObject({ kind: 'not-editable' });
    expect(denies(`{"Statement":[${ALLOW},${theirs}]}`, DENY)).toBe(false);
  });

  test.each([
    ['two lists of statements', `{"Statement":[${ALLOW}],"statement":[]}`],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['no JSON', '{"Statement":['],
    ['a list', `[${ALLOW}]`],
  ])('is not put where it is not clear: %s', (_, trust) => {
    expect(appendDeny(trust, DENY)).toMatchObject({ kind: 'not-editable' });
  });

  test('is not put where a principal was deleted: IAM would refuse the document', () => {
    const trust = ALLOW.replace('arn:aws:iam::111122223333:user/alice', 'AIDAEXAMPLEGONE000001');
    expect(orphanedIds(`{"Statement":[${trust}]}`)).toEqual(['AIDAEXAMPLEGONE000001']);
    expect(appendDeny(`{"Statement":[${trust}]}`, DENY)).toMatchObject({
      kind: 'not-editable',
      why: expect.stringContaining('AIDAEXAMPLEGONE000001'),
    });
    expect(orphanedIds(`{"Statement":[${ALLOW}]}`)).toEqual([]);
  });

  test('is taken out of a document that somebody changed around it, and theirs stays', () => {
    const theirs =
      '{ "Sid":"Theirs","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole" }';
    const changed = (statements: string) => `{"Version":"2012-10-17","Statement":[ ${statements} ]}`;
    expect(removeDeny(changed(`${ALLOW}, ${OURS} , ${theirs}`), DENY)).toBe(changed(`${ALLOW} , ${theirs}`));
    expect(removeDeny(changed(`${OURS} , ${theirs}`), DENY)).toBe(changed(theirs));
    expect(removeDeny(changed(ALLOW), DENY)).toBeUndefined();
  });

  test('leaves any list of statements byte for byte as it was, whatever its spaces, letters and order', () => {
    const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    const text = fc.string({ unit: 'grapheme', maxLength: 8 }).map((one) => JSON.stringify(one));
    const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constantFrom('true', 'null', '-1.5e3'),
        fc
          .tuple(space, fc.array(tie('value'), { maxLength: 3 }), space)
          .map(([a, all, b]) => `[${a}${all.join(`${b},${a}`)}${b}]`),
        fc
          .tuple(space, fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }), space)
          .map(([a, all, b]) => `{${a}${all.map(([name, one]) => `${name}${b}:${a}${one}`).join(`${b},`)}${b}}`),
      ),
    })).value;
    const statement = fc
      .tuple(space, fc.constantFrom('Allow', 'Deny'), value, space)
      .map(([a, effect, one, b]) => `{${a}"Effect":"${effect}",${b}"Condition"${a}:${one}${b}}`);
    const trust = fc
      .tuple(space, fc.array(statement, { maxLength: 4 }), space, fc.boolean())
      .map(([a, all, b, first]) => {
        const list = `"Statement"${b}:${a}[${a}${all.join(`${a},${b}`)}${b}]`;
        return first ? `${a}{${list},"Version":"2012-10-17"${b}}` : `{${a}"Version":"2012-10-17"${b},${list}${a}}${b}`;
      });
    fc.assert(
      fc.property(trust, (before) => {
        const after = appended(before);
        expect(JSON.parse(after).Statement.at(-1)).toEqual(JSON.parse(OURS));
        expect(JSON.parse(after).Statement.slice(0, -1)).toEqual(JSON.parse(before).Statement);
        expect(removeDeny(after, DENY)).toBe(before);
      }),
      { numRuns: 1_000 },
    );
  });
});
