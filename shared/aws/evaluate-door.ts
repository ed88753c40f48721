import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { wrapRecord } from '../cloudtrail/wrap-record.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** evaluate could not judge the record; the next cycle brings it again. */
export class NotEvaluatedError extends Error {
  override readonly name = 'NotEvaluatedError';
}

/**
 * Hands a record to evaluate and waits for what it made of it. `missed`: a detection was new to its case; a record that it
 * had judged before changes nothing, and is `seen`.
 */
export function createEvaluateDoor(client: LambdaClient, functionName: string, account: string) {
  return async (record: JsonObject): Promise<'missed' | 'seen'> => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        Payload: JSON.stringify({ ...wrapRecord(record, account), reconciled: true }),
      }),
    );
    const answer = Payload === undefined ? '' : new TextDecoder().decode(Payload);
    if (FunctionError !== undefined) throw new NotEvaluatedError(answer.slice(0, 300));
    const results: unknown = answer === '' ? undefined : JSON.parse(answer);
    const made = Array.isArray(results) ? results.filter(isJsonObject) : [];
    return made.some(({ kind }) => kind === 'detected' || kind === 'counted') ? 'missed' : 'seen';
  };
}
