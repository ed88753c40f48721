import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { JsonObject } from '../../shared/json.ts';

/**
 * Puts a record on the default bus in the envelope in which EventBridge delivers CloudTrail's.
 *
 * This works on an emulator only. AWS refuses a source that begins with `aws.` in PutEvents, and that refusal is what
 * the pinned patterns of the deployed rules rely on: nobody can forge such an event there.
 */
export async function putOnBus(bus: EventBridgeClient, record: JsonObject): Promise<void> {
  const { Entries: [result] = [] } = await bus.send(
    new PutEventsCommand({
      Entries: [{ Source: sourceOf(record), DetailType: detailTypeOf(record), Detail: JSON.stringify(record) }],
    }),
  );
  if (result?.EventId !== undefined) return;
  const reason = `${result?.ErrorCode ?? 'no answer'}: ${result?.ErrorMessage ?? ''}`;
  throw new Error(`The event bus did not take the record of ${String(record.eventName)} (${reason}).`);
}

function sourceOf(record: JsonObject): string {
  return `aws.${String(record.eventSource).replace(/\.amazonaws\.com$/, '')}`;
}

function detailTypeOf(record: JsonObject): string {
  return record.eventType === 'AwsConsoleSignIn' ? 'AWS Console Sign In via CloudTrail' : 'AWS API Call via CloudTrail';
}
