import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrder } from '../../../shared/cases/read-order.ts';

const read = (body: unknown) => readOrder(JSON.stringify(body));
const HASH = 'a'.repeat(64);
const contain = (of: object) =>
  JSON.stringify({
    kind: 'contain',
    principal: { kind: 'user', name: 'mallory' },
    playbook: 'contain',
    enforce: true,
    ...of,
  });

describe('an order over the wire', () => {
  it.each([
    [{ kind: 'approve', caseId: 'C-7K2M9QXD' }],
    [{ kind: 'approve', caseId: 'C-7K2M9QXD', planHash: HASH }],
    [{ kind: 'reject', caseId: 'C-7K2M9QXD' }],
    [{ kind: 'release', caseId: 'C-7K2M9QXD', all: true }],
    [{ kind: 'close', caseId: 'C-7K2M9QXD', verdict: 'benign' }],
    [{ kind: 'extend', caseId: 'C-7K2M9QXD', seconds: 7200 }],
    [{ kind: 'close-breaker' }],
    [{ kind: 'contain', principal: { kind: 'user', name: 'mallory' }, playbook: 'contain', enforce: false }],
    [
      {
        kind: 'contain',
        principal: { kind: 'session', name: 'Build', sessionName: 'i-0abc', uniqueId: 'AROABUILD' },
        playbook: 'lock',
        seconds: 14_400,
        enforce: true,
        reason: 'laptop lost',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      },
    ],
  ])('%j is read as it is', (order) => {
    expect(read(order)).toEqual({ kind: 'order', order });
  });

  it('carries nothing beyond what an order has', () => {
    expect(read({ kind: 'reject', caseId: 'C-1', by: 'arn:aws:iam::1:root', __proto__: null })).toEqual({
      kind: 'order',
      order: { kind: 'reject', caseId: 'C-1' },
    });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'approve C-1'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"approve"'],
    ['no kind', '{"caseId":"C-1"}'],
    ['an unknown kind', '{"kind":"destroy","caseId":"C-1"}'],
    ['a containment of nobody', '{"kind":"contain","playbook":"contain","enforce":true}'],
    ['a containment of a group', contain({ principal: { kind: 'group', name: 'all' } })],
    ['a containment by a name that breaks a line', contain({ principal: { kind: 'user', name: 'a\nb' } })],
    ['a containment by a name with a wildcard', contain({ principal: { kind: 'user', name: '*' } })],
    ['a session without its name', contain({ principal: { kind: 'session', name: 'Build' } })],
    ['a unique id that is no text', contain({ principal: { kind: 'user', name: 'm', uniqueId: 7 } })],
    ['a playbook that tells only', contain({ playbook: 'alert' })],
    ['a playbook from the prototype', contain({ playbook: 'constructor' })],
    ['an enforce that is text', contain({ enforce: 'false' })],
    ['a containment that does not say whether it acts', contain({ enforce: undefined })],
    ['a lock without an end', contain({ playbook: 'lock' })],
    ['an end of what has none', contain({ seconds: 60 })],
    ['a lock for ever', contain({ playbook: 'lock', seconds: 2_592_001 })],
    ['a lock that ends before it could be verified', contain({ playbook: 'lock', seconds: 299 })],
    ['a reason as long as a book', contain({ reason: 'x'.repeat(301) })],
    ['a key that is none', contain({ accessKeyId: 'AKIA; drop' })],
    ['no case', '{"kind":"approve"}'],
    ['a case that is no text', '{"kind":"approve","caseId":["C-1"]}'],
    ['a case that breaks a key', '{"kind":"approve","caseId":"C-1#PLAN"}'],
    ['a case with a line of its own', '{"kind":"approve","caseId":"C-1\\nlevel: INFO"}'],
    ['a very long case', JSON.stringify({ kind: 'approve', caseId: 'C'.repeat(3_000) })],
    ['a hash that is no text', '{"kind":"approve","caseId":"C-1","planHash":1}'],
    ['a release that does not say how much', '{"kind":"release","caseId":"C-1"}'],
    ['a release with "true" as text', '{"kind":"release","caseId":"C-1","all":"true"}'],
    ['an extension by nothing', '{"kind":"extend","caseId":"C-1"}'],
    ['an extension backwards', '{"kind":"extend","caseId":"C-1","seconds":-60}'],
    ['an extension by part of a second', '{"kind":"extend","caseId":"C-1","seconds":0.5}'],
    ['an extension by text', '{"kind":"extend","caseId":"C-1","seconds":"60"}'],
    ['an extension for ever', '{"kind":"extend","caseId":"C-1","seconds":2592001}'],
    ['a verdict of nobody', '{"kind":"close","caseId":"C-1","verdict":"whatever"}'],
    ['a verdict from the prototype', '{"kind":"close","caseId":"C-1","verdict":"constructor"}'],
  ])('%s is unreadable, and says why', (_, text) => {
    expect(readOrder(text)).toMatchObject({ kind: 'unreadable', why: expect.stringMatching(/.{15,}/) });
  });

  it('never throws, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(['order', 'unreadable']).toContain(readOrder(text).kind);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.record(
          {
            kind: fc.constantFrom('approve', 'reject', 'release', 'close', 'close-breaker', 'x'),
            caseId: fc.jsonValue(),
            all: fc.jsonValue(),
            verdict: fc.jsonValue(),
            planHash: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        (body) => {
          expect(['order', 'unreadable']).toContain(read(body).kind);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
