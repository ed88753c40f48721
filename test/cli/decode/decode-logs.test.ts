import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLogFiles } from '../../../cli/backtest/log-files.ts';
import { createProgress } from '../../../cli/backtest/progress.ts';
import { decodedLines, decodeLogs } from '../../../cli/decode/decode-logs.ts';
import { aRecord, SESSION } from '../../shared/access/an-event.ts';

async function decoded(records: readonly unknown[]) {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-decode-'));
  try {
    writeFileSync(join(folder, 'a.json'), JSON.stringify({ Records: records }));
    return await decodeLogs(
      findLogFiles([folder]),
      createProgress(0, { write: () => true }, () => 0),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('decoding logs', () => {
  test('counts who acted, how it ended and what was named, and says why somebody is unknown', async () => {
    const logs = await decoded([
      aRecord(),
      aRecord({ userIdentity: SESSION, errorCode: 'AccessDenied' }),
      aRecord({ userIdentity: { type: 'Directory' }, requestParameters: null }),
      aRecord({ userIdentity: { type: 'Directory' }, requestParameters: null }),
    ]);
    expect(logs).toMatchObject({
      records: 4,
      kinds: { unknown: 2, 'role-session': 1, user: 1 },
      unknown: { 'a user of a directory, whom IAM does not know': 2 },
      results: { success: 3, denied: 1 },
      naming: 2,
      resources: 1,
      undecodable: 0,
    });
    expect(decodedLines(logs, 120)).toEqual([
      '4 records, 0 undecodable; success 3, denied 1',
      '2 name a resource, 1 different ones',
      '',
      'WHO ACTED     RECORDS',
      'unknown             2',
      'role-session        1',
      'user                1',
      '',
      'UNKNOWN, BECAUSE                               RECORDS',
      'a user of a directory, whom IAM does not know        2',
    ]);
  });

  test('names each record that cannot be decoded, with its file and place', async () => {
    const logs = await decoded([aRecord(), null, aRecord({ eventID: undefined })]);
    expect(logs.undecodable).toBe(2);
    expect(logs.problems.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'a record is an object, this is null'],
      [2, 'the record has no eventID'],
    ]);
  });
});
