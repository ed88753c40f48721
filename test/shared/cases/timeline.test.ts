import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../shared/cases/timeline.ts';
import { accessEvent, detection } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';

describe('the timeline of a case', () => {
  it('tells record, detection, calls, verification and states in the order in which they happened', async () => {
    const world = createCaseWorld();
    const step = async (run: () => Promise<unknown>): Promise<void> => {
      await run();
      world.clock.advance(1_000);
    };
    await step(() => world.evaluate(accessEvent({ sourceIp: '203.0.113.7' })));
    await step(() => world.executeAll());
    await step(() => world.order({ kind: 'release', caseId: 'C-1', all: true }));
    await step(() => world.executeAll());
    const { store } = world;
    const lines = timelineOf({
      detections: await store.detections('C-1'),
      ledger: await store.ledger('C-1'),
      verifications: await store.verifications('C-1'),
      outbox: await store.outbox('C-1'),
    }).map(({ at, kind, text }) => `${at.slice(14, 19)} ${kind}: ${text}`);
    expect(lines).toEqual([
      '00:00 record: mallory called AttachUserPolicy in us-east-1 from 203.0.113.7',
      '00:02 detection: high: Title of rule-a',
      '00:03 call: AttachUserPolicy on user mallory: written to the ledger with its prior value',
      '00:03 call: AttachUserPolicy on user mallory: done',
      '00:03 call: UpdateAccessKey on access key AKIAMALLORY1: written to the ledger with its prior value',
      '00:03 call: UpdateAccessKey on access key AKIAMALLORY1: done',
      '00:03 verification: fresh reads: 1 of 1 changes hold, stood for 30.0 s',
      '00:03 state: containing',
      '00:03 state: contained, grade B',
      '00:04 state: releasing (release asked for by arn:aws:iam::111122223333:user/oncall)',
      '00:05 call: AttachUserPolicy on user mallory: undone',
      '00:05 call: UpdateAccessKey on access key AKIAMALLORY1: undone',
      '00:05 verification: fresh reads: everything given back has its prior value, byte for byte',
      '00:05 state: released',
    ]);
  });

  it('tells a record once that several rules held for, and says what was put back', () => {
    const lines = timelineOf({
      detections: [detection(), detection({ ruleId: 'rule-b', ruleTitle: 'Rule B' })],
      ledger: [
        {
          key: 'quarantine#mallory',
          actionId: 'quarantine',
          target: 'user mallory',
          call: { service: 'iam', operation: 'AttachUserPolicy', input: {} },
          prior: null,
          order: 0,
          state: 'done',
          planVersion: 1,
          intendedAt: '2026-11-21T02:00:03.000Z',
          reasserted: 1,
          history: [
            { at: '2026-11-21T02:00:04.000Z', state: 'failed', detail: 'Throttling' },
            { at: '2026-11-21T02:00:05.000Z', state: 'done' },
            { at: '2026-11-21T02:00:09.000Z', state: 'done' },
          ],
        },
      ],
      verifications: [],
      outbox: [],
    }).map(({ kind, text }) => `${kind}: ${text}`);
    expect(lines).toEqual([
      'record: mallory called AttachUserPolicy in us-east-1',
      'detection: high: Rule A',
      'detection: high: Rule B',
      'call: AttachUserPolicy on user mallory: written to the ledger with its prior value',
      'call: AttachUserPolicy on user mallory: failed (Throttling)',
      'call: AttachUserPolicy on user mallory: done',
      'call: AttachUserPolicy on user mallory: put back',
    ]);
  });
});
