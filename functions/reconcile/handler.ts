import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AccessEvent } from '../../shared/access/access-event.ts';
import { isRecorded } from '../../shared/access/record-scope.ts';
import { createEvaluateDoor } from '../../shared/aws/evaluate-door.ts';
import { createKeptAccesses } from '../../shared/aws/kept-accesses.ts';
import { LOST_RECORDS, metricLine, RECONCILE_BACKLOG } from '../../shared/aws/metric-line.ts';
import { createTaggedResources } from '../../shared/aws/tagged-resources.ts';
import { createTrailHistory } from '../../shared/aws/trail-history.ts';
import { wrapRecord } from '../../shared/cloudtrail/wrap-record.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { tagsOf } from '../../shared/config/tags-of.ts';
import type { JsonObject } from '../../shared/json.ts';
import { reconcile, type Settled } from '../../shared/loss/reconcile.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import { loadEngines } from '../evaluate/engines.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readCompiledPolicy, systemClock } from '../system.ts';

// Not awaited here: the embedded AWS loads handlers with require(), which refuses a top-level await.
const engines = loadEngines();

/** Comes by on a schedule and looks in CloudTrail's own history for records that were never delivered. */
export const handler = lambdaFunction<unknown, void>(
  'reconcile',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.reconcile);
    const { policy, rules } = readCompiledPolicy();
    const { ACCOUNT_ID: account } = environment;
    const dynamo = new DynamoDBClient({});
    const tagged = createTaggedResources(dynamo, environment.STATE_TABLE, systemClock);
    const hasTags = tagsOf(policy).length > 0;
    const loading = engines.then((loaded) => createEvaluator(rules, loaded, { ...policy, tagged }).evaluate);
    const ownRoleIds = new Set(environment.OWN_ROLE_IDS.split(','));
    const sqs = new SQSClient({});
    const deps = {
      history: createTrailHistory(new CloudTrailClient({ maxAttempts: 6 }), systemClock),
      // One attempt: a record that was judged twice because an answer was lost would be counted as seen.
      evaluate: createEvaluateDoor(new LambdaClient({ maxAttempts: 1 }), environment.EVALUATE_FUNCTION, account),
      isRecorded: (event: AccessEvent) =>
        isRecorded(policy.record, event, tagged) &&
        !(event.principal.kind === 'role-session' && ownRoleIds.has(event.principal.roleId)),
      isKept: createKeptAccesses(dynamo, environment.ACCESS_TABLE),
      record: async (record: JsonObject) => {
        const MessageBody = JSON.stringify(wrapRecord(record, account));
        await sqs.send(new SendMessageCommand({ QueueUrl: environment.RECORD_QUEUE_URL, MessageBody }));
      },
      clock: systemClock,
    };
    const settled: Settled = new Map();

    return async () => {
      const evaluate = await loading;
      if (hasTags) await tagged.refresh();
      const concernsRule = (record: JsonObject): boolean => {
        const { matches, suppressed, undecided, faults } = evaluate(record);
        return matches.length + suppressed.length + undecided.length + faults.length > 0;
      };
      const { failures, ...counts } = await reconcile({ ...deps, concernsRule }, settled);
      const metrics = { [LOST_RECORDS]: counts.missed + counts.unrecorded, [RECONCILE_BACKLOG]: counts.backlog };
      logger.info('reconciled', { ...counts, failed: failures.length, ...metricLine(metrics, systemClock.now()) });
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} records could not be settled`);
    };
  },
  () => ({}),
);
