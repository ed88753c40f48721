import { recordBatch } from '../../shared/access/record-batch.ts';
import { createMemoryAccess } from './memory-access.ts';

/** Records kept as the function would, each in a batch of its own, in this order. */
export async function recordedAccess(records: readonly object[]): Promise<ReturnType<typeof createMemoryAccess>> {
  const access = createMemoryAccess();
  for (const detail of records) {
    const envelope = { source: 'aws.x', 'detail-type': 'AWS API Call via CloudTrail', account: '111122223333', detail };
    const { failed, added } = await recordBatch(
      {
        account: '111122223333',
        isRecorded: () => true,
        isOwn: () => false,
        store: access.store,
        keysToNote: () => [],
        note: async () => {},
        park: async () => {},
      },
      [{ id: 'm', body: JSON.stringify(envelope) }],
    );
    if (failed.length > 0 || added === 0) throw new Error('not recorded');
  }
  return access;
}
