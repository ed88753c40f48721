import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Clock } from '../ports/clock.ts';
import type { LookupPage, TrailHistory } from '../ports/trail-history.ts';

/**
 * CloudTrail allows two lookups a second for an account and region, whoever makes them, and answers 50 events at most.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
const BETWEEN_CALLS_MS = 500;
const EVENTS_OF_A_PAGE = 50;

/** With a client of its own: they are loaded together, see trail-history-in.ts. */
export function makeTrailHistory(region: string, clock: Clock): TrailHistory {
  return createTrailHistory(new CloudTrailClient({ region }), clock);
}

export function createTrailHistory(client: CloudTrailClient, clock: Clock): TrailHistory {
  let nextAt = 0;
  const turn = async (): Promise<void> => {
    const now = clock.now().getTime();
    const wait = Math.max(0, nextAt - now);
    nextAt = now + wait + BETWEEN_CALLS_MS;
    if (wait > 0) await clock.sleep(wait);
  };

  return {
    async *pages({ from, to, by }) {
      let token: string | undefined;
      do {
        await turn();
        const answer: LookupEventsCommandOutput = await client.send(
          new LookupEventsCommand({
            StartTime: from,
            EndTime: to,
            MaxResults: EVENTS_OF_A_PAGE,
            ...(by === undefined ? {} : { LookupAttributes: [{ AttributeKey: by.key, AttributeValue: by.value }] }),
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        yield pageOf(answer);
        token = answer.NextToken;
      } while (token !== undefined && token !== '');
    },
  };
}

function pageOf({ Events = [] }: LookupEventsCommandOutput): LookupPage {
  const records = Events.map(({ CloudTrailEvent = '' }) => parse(CloudTrailEvent)).filter((one) => one !== undefined);
  return { records, unreadable: Events.length - records.length };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
