import { randomUUID } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { MetadataBearer, MiddlewareStack, Provider } from '@smithy/types';
import type { JsonObject } from '../../shared/json.ts';
import { type ApiCall, apiCallRecord } from './api-call-record.ts';
import { putOnBus } from './event-bus.ts';
import type { Caller } from './user-identity.ts';

export type Recorder = {
  /**
   * From now on each call of `client` becomes a record of `caller`, on the bus before the call's answer is returned.
   * A call that no AWS answered (no connection) leaves no record, as on AWS.
   */
  attach<Input extends object, Output extends MetadataBearer>(
    client: RecordableClient<Input, Output>,
    caller: Caller,
  ): void;
  /** Puts a record on the bus as it is: a sign-in, or the same record once more. */
  publish(record: JsonObject): Promise<void>;
};

type RecordableClient<Input extends object, Output extends MetadataBearer> = {
  middlewareStack: MiddlewareStack<Input, Output>;
  config: { region: Provider<string> };
};

/**
 * Turns real calls and their real answers into CloudTrail records. The emulator's own records carry no identity, no
 * response and no error, so a staged attack would show nothing to detect.
 */
export function createRecorder(options: {
  bus: EventBridgeClient;
  /** Called just before a record goes to the bus. */
  onRecord?: (record: JsonObject) => void;
  now?: () => Date;
  newEventId?: () => string;
}): Recorder {
  const now = options.now ?? (() => new Date());
  const newEventId = options.newEventId ?? randomUUID;

  const publish = async (record: JsonObject) => {
    options.onRecord?.(record);
    await putOnBus(options.bus, record);
  };

  return {
    publish,
    attach(client, caller) {
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const record = (answer: ApiCall['answer'], region: string) => {
            const { clientName = '', commandName = '' } = context;
            const call = { clientName, commandName, region, input: args.input, answer };
            return publish(apiCallRecord(call, caller, { at: now(), eventId: newEventId() }));
          };
          const region = await client.config.region();
          const answered = await settle(next(args));
          if (answered.kind === 'failed') {
            const failure = answeredFailure(answered.error);
            if (failure !== undefined) await record(failure, region);
            throw answered.error;
          }
          const { output } = answered.result;
          await record({ kind: 'succeeded', output, requestId: output.$metadata.requestId }, region);
          return answered.result;
        },
        // The outermost step: it sees the input as the program gave it and the answer after all retries, once a call.
        { step: 'initialize', priority: 'high', name: 'recordAsCloudTrail' },
      );
    },
  };
}

/** As a value, so that a failure to record is never taken for a failure of the call. */
function settle<Result>(call: Promise<Result>) {
  return call.then(
    (result) => ({ kind: 'succeeded' as const, result }),
    (error: unknown) => ({ kind: 'failed' as const, error }),
  );
}

/** An error that AWS answered with; undefined for one of the network or of the program itself. */
function answeredFailure(error: unknown): ApiCall['answer'] | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  const requestId = 'requestId' in metadata && typeof metadata.requestId === 'string' ? metadata.requestId : undefined;
  return { kind: 'failed', code: error.name, message: error.message, requestId };
}
