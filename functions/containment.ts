import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createCaseStore } from '../shared/aws/case-store.ts';
import { createIam } from '../shared/aws/iam.ts';
import { createLedger } from '../shared/aws/ledger.ts';
import { createMac } from '../shared/aws/mac.ts';
import { createStopSwitch } from '../shared/aws/stop-switch.ts';
import type { ContainCaseDeps } from '../shared/cases/contain-case.ts';
import { whyProtected } from '../shared/cases/why-protected.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../shared/config/environment.ts';
import { isGuarded } from '../shared/config/guarded.ts';
import type { Policy } from '../shared/config/policy.ts';
import type { Part } from '../shared/containment/action.ts';
import { contain } from '../shared/containment/contain.ts';
import type { People } from '../shared/ports/identity-center.ts';
import type { Resources } from '../shared/ports/resources.ts';
import { readDeployedPolicy, systemClock } from './system.ts';

/** The services beyond IAM that a part reaches, as the policy has it. */
type ReachOf = (policy: Policy) => { readonly resources?: Resources; readonly people?: People };

/**
 * What contain and revert are both made of: the same gates, ledger and hand. They differ in whose part of a plan they carry
 * out, in the services that they reach, and in their roles.
 */
export function composeContainment(logger: Logger, part: Exclude<Part, 'caller'>, reach: ReachOf) {
  const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT[part]);
  const policy = readDeployedPolicy();
  const reached = reach(policy);
  const dynamo = new DynamoDBClient({});
  const iamClient = new IAMClient({ maxAttempts: 1 });
  const iam = createIam(iamClient, { clock: systemClock, random: Math.random });
  const mac = createMac(new KMSClient({}), environment.LEDGER_KEY_ARN);
  const deps: ContainCaseDeps = {
    part,
    store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
    clock: systemClock,
    isStopped: createStopSwitch(new SSMClient({}), environment.STOP_PARAMETER),
    whyProtected: (subject) => whyProtected(policy, subject),
    ledgerOf: (caseId, planVersion, lease) =>
      createLedger(dynamo, environment.CASES_TABLE, systemClock, mac, { caseId, planVersion, lease }),
    contain: async (ledger, mayWrite, request) => {
      const report = await contain(
        { iam, ...reached, ledger, clock: systemClock, mayWrite },
        {
          ...request,
          quarantinePolicyArn: environment.QUARANTINE_POLICY_ARN,
          sessionMarginSeconds: policy.timing.sessionMarginSeconds,
          guarded: isGuarded(policy, request.subject),
        },
      );
      logger.info('carried out a pass', { part, pass: request.pass, report: report.kind });
      return report;
    },
  };
  return { deps, environment, iam, iamClient, mac };
}
