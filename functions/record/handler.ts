import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { recordBatch } from '../../shared/access/record-batch.ts';
import { isRecorded } from '../../shared/access/record-scope.ts';
import { isSensitive } from '../../shared/access/same-resource.ts';
import { createAccessStore } from '../../shared/aws/access-store.ts';
import { createFirstSeen } from '../../shared/aws/first-seen.ts';
import { createParking } from '../../shared/aws/parking.ts';
import { createTaggedResources } from '../../shared/aws/tagged-resources.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { tagsOf } from '../../shared/config/tags-of.ts';
import { keysToNote } from '../../shared/rules/first-seen/keys-to-note.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readCompiledPolicy, systemClock } from '../system.ts';

/** Keeps who accessed what, and when. A message that could not be kept is reported, and comes again alone. */
export const handler = lambdaFunction<SQSEvent, SQSBatchResponse>(
  'record',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.record);
    const { policy, rules } = readCompiledPolicy();
    const dynamo = new DynamoDBClient({});
    const firstSeen = createFirstSeen(dynamo, environment.STATE_TABLE);
    let said: Promise<unknown> | undefined;
    // From now on, unless an earlier start said so: what happened before, nobody noted.
    const sayWhatIsRecorded = () =>
      Promise.all(policy.record.services.map((source) => firstSeen.recording(source, systemClock.now().getTime())));
    const ownRoleIds = new Set(environment.OWN_ROLE_IDS.split(','));
    const tagged = createTaggedResources(dynamo, environment.STATE_TABLE, systemClock);
    const known = { ...policy, tagged };
    const hasTags = tagsOf(policy).length > 0;
    const deps = {
      account: environment.ACCOUNT_ID,
      isRecorded: (event: Parameters<typeof isRecorded>[1]) => isRecorded(policy.record, event, tagged),
      isOwn: ({ principal }: Parameters<typeof isRecorded>[1]) =>
        principal.kind === 'role-session' && ownRoleIds.has(principal.roleId),
      store: createAccessStore(dynamo, environment.ACCESS_TABLE, (arn) => isSensitive(known, arn)),
      keysToNote: keysToNote(rules),
      note: firstSeen.note,
      park: createParking(new SQSClient({}), environment.PARKING_QUEUE_URL).park,
    };

    return async ({ Records }) => {
      said ??= sayWhatIsRecorded();
      await said.catch((error: unknown) => {
        said = undefined;
        throw error;
      });
      if (hasTags) await tagged.refresh();
      const messages = Records.map(({ messageId, body }) => ({ id: messageId, body }));
      const { failed, ...counts } = await recordBatch(deps, messages);
      for (const { id, error } of failed) {
        const name = error instanceof Error ? error.name : 'Error';
        const detail = error instanceof Error ? error.message.slice(0, 300) : '';
        logger.error('not recorded', { messageId: id, error: name, detail });
      }
      logger.info('recorded', { messages: messages.length, failed: failed.length, ...counts });
      return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) };
    };
  },
  ({ Records }) => ({ messages: Records.length }),
);
