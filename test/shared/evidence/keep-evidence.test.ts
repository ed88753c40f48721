import { hash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { entriesOf } from '../../../shared/access/access-entry.ts';
import type { Evidence } from '../../../shared/evidence/evidence.ts';
import { type EvidenceCase, keepEvidence } from '../../../shared/evidence/keep-evidence.ts';
import { anEvent } from '../access/an-event.ts';

const HOSTILE = '</td><script>alert(1)</script><img src=x onerror=alert(2)>"\'&\u202e\u0007';

const opened: EvidenceCase = {
  caseId: 'C-7K2M9QXD',
  openedAt: '2026-11-20T02:14:10.000Z',
  severity: 'high',
  subject: {
    kind: 'user',
    key: 'user:AIDAEXAMPLE1',
    account: '111122223333',
    userId: 'AIDAEXAMPLE1',
    userName: 'alice<b>',
    arn: 'arn:aws:iam::111122223333:user/alice',
  },
};

let objects: { key: string; sha256: string; text: string }[];
let notes: Evidence[];
let lookups: number;
let now: string;
beforeEach(() => {
  objects = [];
  notes = [];
  lookups = 0;
  now = '2026-11-20T02:14:20.000Z';
});

const deps = (put?: () => Promise<string>) => ({
  accesses: {
    accessesBy: (_: string, { day }: { day: string }) =>
      Promise.resolve(
        day === '2026-11-20'
          ? entriesOf(anEvent({ userAgent: HOSTILE, requestParameters: { secretId: HOSTILE } }))
          : [],
      ),
    accessesTo: () => Promise.resolve([]),
  },
  trails: [
    {
      region: 'eu-central-1',
      history: {
        async *pages() {
          lookups += 1;
          yield await Promise.resolve({ records: [], unreadable: 0 });
        },
      },
    },
  ],
  accessKeysOf: () => Promise.resolve([]),
  store: {
    put:
      put ??
      ((object: { key: string; sha256: string; body: Uint8Array }) => {
        objects.push({ ...object, text: Buffer.from(object.body).toString() });
        return Promise.resolve(`v${objects.length}`);
      }),
    note: (_: string, evidence: Evidence) => {
      notes.push(evidence);
      return Promise.resolve();
    },
  },
  clock: { now: () => new Date(now) },
  sha256: (bytes: Uint8Array) => hash('sha256', bytes),
});
const textOf = (file: string) => objects.find(({ key }) => key.endsWith(file))?.text ?? '';

describe('evidence of a new case', () => {
  test('is two objects below its id, whose digests and versions the case keeps', async () => {
    await keepEvidence(deps(), opened);
    expect(objects.map(({ key }) => key)).toEqual([
      'cases/C-7K2M9QXD/activity.jsonl',
      'cases/C-7K2M9QXD/activity.html',
    ]);
    expect(notes).toHaveLength(1);
    const [note] = notes;
    if (note?.kind !== 'kept') throw new Error('nothing kept');
    expect(note).toMatchObject({ at: now, from: '2026-11-13T02:14:10.000Z', to: now, events: 1 });
    expect([note.log.versionId, note.page.versionId]).toEqual(['v1', 'v2']);
    for (const [kept, { text }] of [
      [note.log, objects[0] ?? { text: '' }],
      [note.page, objects[1] ?? { text: '' }],
    ] as const) {
      expect(kept.sha256).toBe(hash('sha256', text));
      expect(kept.bytes).toBe(Buffer.byteLength(text));
    }
  });

  test('has a header and an event a line of JSON', async () => {
    await keepEvidence(deps(), opened);
    const lines = textOf('.jsonl').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      schema: 'rescind.evidence/1',
      caseId: 'C-7K2M9QXD',
      regions: ['eu-central-1'],
      events: 1,
      sources: [{ name: 'access record', events: 1 }, { name: 'CloudTrail' }],
    });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      eventId: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
      accesses: [{ userAgent: HOSTILE }],
    });
  });

  test('shows text of records as text: no markup, nothing that loads, no mark that turns the writing', async () => {
    await keepEvidence(deps(), opened);
    const page = textOf('.html');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).toContain('Activity of user alice&lt;b&gt;');
    expect(page).not.toMatch(/<(script|img|b|iframe|link|object|svg|a)\b/i);
    for (const unseen of ['\u202e', '\u0007']) expect(page).not.toContain(unseen);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('prefers-color-scheme: dark');
  });

  test('kept twice is a version more of the same objects, with the digests of the last in the case', async () => {
    await keepEvidence(deps(), opened);
    now = '2026-11-20T02:15:00.000Z';
    await keepEvidence(deps(), opened);
    expect(new Set(objects.map(({ key }) => key)).size).toBe(2);
    expect(notes.map((note) => (note.kind === 'kept' ? note.log.versionId : ''))).toEqual(['v1', 'v3']);
  });

  test('that cannot be written is said in the case, and thrown on so that it is tried again', async () => {
    const fault = Object.assign(new Error('no such bucket'), { name: 'NoSuchBucket' });
    await expect(
      keepEvidence(
        deps(() => Promise.reject(fault)),
        opened,
      ),
    ).rejects.toBe(fault);
    expect(notes).toEqual([{ kind: 'failed', at: now, reason: 'NoSuchBucket: no such bucket' }]);
  });

  test('leaves CloudTrail alone when the case has waited for half an hour among others', async () => {
    now = '2026-11-20T02:44:09.000Z';
    await keepEvidence(deps(), opened);
    expect(lookups).toBe(1);
    now = '2026-11-20T02:44:10.000Z';
    await keepEvidence(deps(), opened);
    expect(lookups).toBe(1);
    expect(JSON.stringify(notes[1])).toContain('it was not asked');
  });
});
