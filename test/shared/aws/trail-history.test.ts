import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import { createTrailHistory } from '../../../shared/aws/trail-history.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const from = new Date('2026-11-20T01:00:00Z');
const to = new Date('2026-11-20T02:00:00Z');

/** CloudTrail as its API reference tells it: pages by token. The embedded AWS answers a single page. */
function scripted(pages: readonly { readonly Events: readonly object[]; readonly NextToken?: string }[]) {
  const inputs: (LookupEventsCommandInput & { readonly at: number })[] = [];
  const clock = createVirtualClock(from.toISOString());
  const client = new CloudTrailClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE1', secretAccessKey: 'x' },
  });
  client.middlewareStack.add(
    () => (args) => {
      inputs.push({ ...(args.input as LookupEventsCommandInput), at: clock.now().getTime() - from.getTime() });
      const page = pages[inputs.length - 1] ?? { Events: [] };
      return Promise.resolve({ output: { $metadata: {}, ...page }, response: {} });
    },
    { step: 'initialize' },
  );
  return { inputs, history: createTrailHistory(client, clock) };
}
const event = (id: string) => ({ EventId: id, CloudTrailEvent: JSON.stringify({ eventID: id }) });

async function all(history: ReturnType<typeof createTrailHistory>, by?: { key: 'Username'; value: string }) {
  const found: unknown[] = [];
  let unreadable = 0;
  for await (const page of history.pages({ from, to, ...(by === undefined ? {} : { by }) })) {
    found.push(...page.records.map(({ eventID }) => eventID));
    unreadable += page.unreadable;
  }
  return { found, unreadable };
}

describe("CloudTrail's history", () => {
  test('is read page by page to its end, 50 events each, at most two calls a second', async () => {
    const { history, inputs } = scripted([
      { Events: [event('a'), event('b')], NextToken: 'second' },
      { Events: [event('c')], NextToken: 'third' },
      { Events: [event('d')] },
    ]);
    expect((await all(history, { key: 'Username', value: 'alice' })).found).toEqual(['a', 'b', 'c', 'd']);
    expect(inputs.map(({ NextToken, MaxResults, at }) => [NextToken, MaxResults, at])).toEqual([
      [undefined, 50, 0],
      ['second', 50, 500],
      ['third', 50, 1000],
    ]);
    for (const { StartTime, EndTime, LookupAttributes } of inputs) {
      expect([StartTime, EndTime]).toEqual([from, to]);
      expect(LookupAttributes).toEqual([{ AttributeKey: 'Username', AttributeValue: 'alice' }]);
    }
  });

  test('keeps its pace across lookups, and asks for everybody without an attribute', async () => {
    const { history, inputs } = scripted([{ Events: [] }, { Events: [] }]);
    await all(history);
    await all(history);
    expect(inputs.map(({ at }) => at)).toEqual([0, 500]);
    expect(inputs[0]).not.toHaveProperty('LookupAttributes');
  });

  test('is asked no further than its reader takes', async () => {
    const { history, inputs } = scripted([{ Events: [event('a')], NextToken: 'more' }, { Events: [event('b')] }]);
    for await (const _ of history.pages({ from, to })) break;
    expect(inputs).toHaveLength(1);
  });

  test('counts records that are none, and goes on', async () => {
    const { history } = scripted([
      { Events: [event('a'), { EventId: 'b' }, { EventId: 'c', CloudTrailEvent: '{' }, { CloudTrailEvent: '[1]' }] },
    ]);
    expect(await all(history)).toEqual({ found: ['a'], unreadable: 3 });
  });

  test('throws what CloudTrail answers but records', async () => {
    const { history } = scripted([]);
    const failing = createTrailHistory(
      Object.assign(new CloudTrailClient({ region: 'us-east-1' }), {
        send: (command: unknown) =>
          Promise.reject(new Error(command instanceof LookupEventsCommand ? 'refused' : 'unexpected')),
      }),
      createVirtualClock(from.toISOString()),
    );
    expect((await all(history)).found).toEqual([]);
    await expect(all(failing)).rejects.toThrow('refused');
  });
});
