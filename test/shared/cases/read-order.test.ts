import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrder } from '../../../shared/cases/read-order.ts';

const read = (body: unknown) => readOrder(JSON.stringify(body));
const HASH = 'a'.repeat(64);

describe('an order over the wire', () => {
  it.each([
    [{ kind: 'approve', caseId: 'C-7K2M9QXD' }],
    [{ kind: 'approve', caseId: 'C-7K2M9QXD', planHash: HASH }],
    [{ kind: 'reject', caseId: 'C-7K2M9QXD' }],
    [{ kind: 'release', caseId: 'C-7K2M9QXD', all: true }],
    [{ kind: 'close', caseId: 'C-7K2M9QXD', verdict: 'benign' }],
    [{ kind: 'extend', caseId: 'C-7K2M9QXD', seconds: 7200 }],
    [{ kind: 'close-breaker' }],
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
    ['an unknown kind', '{"kind":"contain","caseId":"C-1"}'],
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
