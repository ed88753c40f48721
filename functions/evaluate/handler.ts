import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AccessEvent } from '../../shared/access/access-event.ts';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createCorrelationMarks } from '../../shared/aws/correlation-marks.ts';
import { createFirstSeen } from '../../shared/aws/first-seen.ts';
import { createFlow } from '../../shared/aws/flow.ts';
import { createParking } from '../../shared/aws/parking.ts';
import { createPrincipalLookup } from '../../shared/aws/principal-lookup.ts';
import { createTaggedResources } from '../../shared/aws/tagged-resources.ts';
import { type Evaluated, evaluateRecord } from '../../shared/cases/evaluate-record.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import { readEnvelope } from '../../shared/cloudtrail/read-envelope.ts';
import { EVALUATE_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { answerFor } from '../../shared/config/response.ts';
import { playbookActions } from '../../shared/containment/playbooks.ts';
import { isJsonObject } from '../../shared/json.ts';
import { correlationsOf } from '../../shared/rules/correlate/correlations-of.ts';
import { createCorrelator } from '../../shared/rules/correlate/create-correlator.ts';
import { createMarkMemory } from '../../shared/rules/correlate/mark-memory.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import { knowingTags } from '../../shared/rules/evaluate/knowing-tags.ts';
import { type FirstSeenQuestion, judgeFirstSeen } from '../../shared/rules/first-seen/judge-first-seen.ts';
import type { RuleHeader } from '../../shared/rules/rule.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { newCaseId, readCompiledPolicy, systemClock } from '../system.ts';
import { loadEngines, loadTouchedBy } from './engines.ts';

// Not awaited here: the embedded AWS loads handlers with require(), which refuses a top-level await.
const engines = loadEngines();
const touched = loadTouchedBy();

/** Judges one record from the bus by every rule. A record that cannot be judged is parked with its reason, once. */
export const handler = lambdaFunction(
  'evaluate',
  (logger) => {
    const environment = readEnvironment(process.env, EVALUATE_ENVIRONMENT);
    const { policy, rules } = readCompiledPolicy();
    const dynamo = new DynamoDBClient({});
    const tagged = createTaggedResources(dynamo, environment.STATE_TABLE, systemClock);
    const loading = engines.then((loaded) => {
      const evaluator = createEvaluator(rules, loaded, { ...policy, tagged });
      for (const fault of evaluator.faults) logger.error('rule not loaded', fault);
      return evaluator;
    });

    const correlator = createCorrelator(rules);
    const memory = createMarkMemory();
    for (const fault of correlator.faults) logger.error('rule not loaded', fault);
    const parking = createParking(new SQSClient({}), environment.PARKING_QUEUE_URL);
    const firstSeen = createFirstSeen(dynamo, environment.STATE_TABLE);
    const deps = {
      firstSeen: (event: AccessEvent, question: FirstSeenQuestion) =>
        judgeFirstSeen(firstSeen, question, event, policy.record.learningSeconds),
      answerFor: (rule: Parameters<typeof answerFor>[1]) => answerFor(policy, rule),
      playbookActions,
      ownRoleIds: new Set(environment.OWN_ROLE_IDS.split(',')),
      correlationsThatHold: (event: AccessEvent, matches: readonly RuleHeader[]) =>
        correlationsOf(
          correlator,
          createCorrelationMarks(dynamo, environment.STATE_TABLE, memory, event.eventId),
          event,
          matches,
        ),
      store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
      lookup: createPrincipalLookup(new IAMClient({})),
      ...(policy.identityCenter === undefined ? {} : { identityCenter: policy.identityCenter }),
      flow: createFlow(new SFNClient({}), environment.STATE_MACHINE_ARN),
      clock: systemClock,
      newCaseId,
    };

    const parkWhole = async (event: unknown, reason: string): Promise<readonly never[]> => {
      await parking.park(event, reason);
      return [];
    };

    return async (event: unknown): Promise<readonly Evaluated[]> => {
      const envelope = readEnvelope(event, { account: environment.ACCOUNT_ID });
      if (envelope.kind === 'parked') return parkWhole(event, envelope.reason);
      const decoded = decodeRecord(envelope.record);
      if (decoded.kind === 'undecodable') return parkWhole(event, decoded.reason);

      const { evaluate } = await loading;
      // Nobody but reconcile can say so: EventBridge's events have no such member.
      const reconciled = isJsonObject(event) && event.reconciled === true;
      const { results, faults } = await evaluateRecord(
        { ...deps, rulesThatHold: knowingTags(evaluate, tagged), touchedBy: await touched, reconciled },
        decoded.event,
      );
      for (const fault of faults) await parking.park(event, `rule ${fault.ruleId} failed: ${fault.message}`);
      for (const result of results) logger.info('evaluated', { ...result, eventId: decoded.event.eventId });
      return results;
    };
  },
  () => ({}),
);
