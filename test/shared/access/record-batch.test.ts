import { describe, expect, test } from 'vitest';
import type { AccessEntry } from '../../../shared/access/access-entry.ts';
import { type RecordDeps, recordBatch } from '../../../shared/access/record-batch.ts';
import { aRecord, SESSION } from './an-event.ts';

const bodyOf = (record: object, fields: object = {}): string =>
  JSON.stringify({
    source: 'aws.secretsmanager',
    'detail-type': 'AWS API Call via CloudTrail',
    account: '111122223333',
    detail: record,
    ...fields,
  });

function world(fields: Partial<RecordDeps> = {}) {
  const added: AccessEntry[] = [];
  const parked: string[] = [];
  const sessions: string[] = [];
  const noted: unknown[] = [];
  const deps: RecordDeps = {
    account: '111122223333',
    isRecorded: ({ eventName }) => eventName !== 'ListSecrets',
    isOwn: ({ principal }) => principal.kind === 'role-session' && principal.roleId === 'AROAOWN',
    store: {
      add: async (group) => {
        if (group.some(({ resource }) => resource?.arn.includes('broken') === true)) throw new Error('throttled');
        added.push(...group);
        return { added: group.length, known: 0 };
      },
      addSessionFact: async (fact) => void sessions.push(JSON.stringify(fact)),
    },
    keysToNote: ({ eventId }) => [`key of ${eventId}`],
    note: async (key, sighting) => void noted.push([key, sighting]),
    park: async (_, reason) => void parked.push(reason),
    ...fields,
  };
  return { deps, added, parked, sessions, noted };
}

const reads = (secretId: string, eventID: string) => aRecord({ requestParameters: { secretId }, eventID });

describe('a batch', () => {
  test('is recorded entry by entry', async () => {
    const { deps, added } = world();
    const bodies = [reads('a', 'e-1'), reads('b', 'e-2'), reads('a', 'e-3')];
    const messages = bodies.map((record, i) => ({ id: `m${i}`, body: bodyOf(record) }));
    expect(await recordBatch(deps, messages)).toEqual({ failed: [], added: 3, known: 0, left: 0, parked: 0 });
    expect(added.map(({ eventId }) => eventId).sort()).toEqual(['e-1', 'e-2', 'e-3']);
  });

  test('parks what cannot be read, each once with its reason, and records the rest', async () => {
    const { deps, added, parked } = world();
    const bodies = [
      '{',
      bodyOf(reads('a', 'e-1'), { source: 'my.app' }),
      bodyOf(aRecord({ eventID: undefined })),
      bodyOf(reads('a', 'e-2')),
    ];
    const outcome = await recordBatch(
      deps,
      bodies.map((body, i) => ({ id: `m${i}`, body })),
    );
    expect(outcome).toMatchObject({ failed: [], added: 1, parked: 3 });
    expect(parked).toEqual([
      'the message is no JSON',
      'the source does not begin with aws.',
      'the record has no eventID',
    ]);
    expect(added.map(({ eventId }) => eventId)).toEqual(['e-2']);
  });

  test('reports the messages that could not be kept, and only those', async () => {
    const { deps, added } = world();
    const outcome = await recordBatch(deps, [
      { id: 'good', body: bodyOf(reads('a', 'e-1')) },
      { id: 'bad', body: bodyOf(reads('broken', 'e-2')) },
    ]);
    expect(outcome.failed).toEqual([{ id: 'bad', error: expect.objectContaining({ message: 'throttled' }) }]);
    expect(added.map(({ eventId }) => eventId)).toEqual(['e-1']);
  });

  test('reports a message that could be neither read nor parked', async () => {
    const park = async () => Promise.reject(new Error('no queue'));
    const { deps } = world({ park });
    const outcome = await recordBatch(deps, [{ id: 'lost', body: '{' }]);
    expect(outcome.failed.map(({ id }) => id)).toEqual(['lost']);
  });

  test("leaves what the policy does not want, and Rescind's own calls", async () => {
    const { deps, added } = world();
    const own = { ...SESSION, principalId: 'AROAOWN:record' };
    const outcome = await recordBatch(deps, [
      { id: 'other', body: bodyOf(aRecord({ eventName: 'ListSecrets' })) },
      { id: 'own', body: bodyOf(aRecord({ userIdentity: own })) },
    ]);
    expect(outcome).toEqual({ failed: [], added: 0, known: 0, left: 2, parked: 0 });
    expect(added).toEqual([]);
  });

  test('keeps where a session came from, beside the access itself', async () => {
    const { deps, added, sessions } = world();
    const assume = aRecord({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/admin' },
      responseElements: { credentials: { accessKeyId: 'ASIAEXAMPLE3' } },
    });
    await recordBatch(deps, [{ id: 'm', body: bodyOf(assume) }]);
    expect(sessions.map((fact) => [JSON.parse(fact).kind, JSON.parse(fact).accessKeyId])).toEqual([
      ['issued', 'ASIAEXAMPLE3'],
      ['held', 'ASIAEXAMPLE3'],
    ]);
    expect(added.map(({ resource }) => resource?.arn)).toEqual(['arn:aws:iam::111122223333:role/admin']);
  });

  test('says once whose a session is, whatever the number of its calls, and of both messages if it cannot', async () => {
    const messages = ['e-1', 'e-2'].map((eventID) => ({
      id: eventID,
      body: bodyOf(aRecord({ eventID, userIdentity: SESSION })),
    }));
    const { deps, sessions } = world();
    await recordBatch(deps, messages);
    expect(sessions).toHaveLength(1);
    const addSessionFact = async () => Promise.reject(new Error('throttled'));
    const { failed } = await recordBatch({ ...deps, store: { ...deps.store, addSessionFact } }, messages);
    expect(failed.map(({ id }) => id)).toEqual(['e-1', 'e-2']);
  });

  test('notes what was seen together, of what is recorded and of nothing else, at the time of the event', async () => {
    const { deps, noted } = world();
    await recordBatch(deps, [
      { id: 'm0', body: bodyOf(reads('a', 'e-1')) },
      { id: 'm1', body: bodyOf(aRecord({ eventName: 'ListSecrets', eventID: 'e-2' })) },
    ]);
    expect(noted).toEqual([['key of e-1', { time: Date.parse('2026-11-20T02:14:07Z'), eventId: 'e-1' }]]);
  });

  test('reports a message of which something could not be noted, though its access was kept', async () => {
    const note = async () => Promise.reject(new Error('contention'));
    const { deps, added } = world({ note });
    const outcome = await recordBatch(deps, [{ id: 'm0', body: bodyOf(reads('a', 'e-1')) }]);
    expect(outcome.failed.map(({ id }) => id)).toEqual(['m0']);
    expect(added).toHaveLength(1);
  });
});
