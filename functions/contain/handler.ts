import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createIam } from '../../shared/aws/iam.ts';
import { createLedger } from '../../shared/aws/ledger.ts';
import { createMac } from '../../shared/aws/mac.ts';
import { createStopSwitch } from '../../shared/aws/stop-switch.ts';
import { type ContainAnswer, type ContainCaseDeps, containCase } from '../../shared/cases/contain-case.ts';
import { whyProtected } from '../../shared/cases/why-protected.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { contain } from '../../shared/containment/contain.ts';
import { findOtherAdministrator } from '../../shared/containment/last-administrator.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readCompiledPolicy, systemClock } from '../system.ts';

type Request = { readonly kind: 'wake' } | Parameters<typeof containCase>[1];

/** Takes access back, one pass: the deny first. `wake` only makes it ready, while the plan is being made. */
export const handler = lambdaFunction<Request, ContainAnswer | undefined>(
  'contain',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.contain);
    const { policy } = readCompiledPolicy();
    const dynamo = new DynamoDBClient({});
    const iamClient = new IAMClient({ maxAttempts: 1 });
    const iam = createIam(iamClient, { clock: systemClock, random: Math.random });
    const mac = createMac(new KMSClient({}), environment.LEDGER_KEY_ARN);
    const deps: ContainCaseDeps = {
      store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
      clock: systemClock,
      isStopped: createStopSwitch(new SSMClient({}), environment.STOP_PARAMETER),
      whyProtected: (subject) => whyProtected(policy, subject),
      otherAdministrator: (subject) => findOtherAdministrator(iam, subject),
      ledgerOf: (caseId, planVersion, lease) =>
        createLedger(dynamo, environment.CASES_TABLE, systemClock, mac, { caseId, planVersion, lease }),
      contain: async (ledger, mayWrite, request) => {
        const report = await contain(
          { iam, ledger, clock: systemClock, mayWrite },
          {
            ...request,
            quarantinePolicyArn: environment.QUARANTINE_POLICY_ARN,
            sessionMarginSeconds: policy.timing.sessionMarginSeconds,
          },
        );
        logger.info('contained a pass', { pass: request.pass, report: report.kind });
        return report;
      },
    };

    let awake = false;
    /** Of each client the first call costs most: code that never ran, a connection to be made. What is read is not used. */
    const wake = async (): Promise<void> => {
      if (awake) return;
      awake = true;
      await Promise.allSettled([
        deps.isStopped(),
        deps.store.breaker(),
        // No code of a ledger entry is made over this.
        mac.generate(Buffer.from('wake')),
        // Not through `iam`, whose patience with a throttled IAM the plan would have to wait for.
        iamClient.send(new GetPolicyCommand({ PolicyArn: environment.QUARANTINE_POLICY_ARN })),
      ]);
    };

    return async (request) => {
      if ('kind' in request) {
        await wake();
        logger.info('awake');
        return undefined;
      }
      const answer = await containCase(deps, request);
      logger.info('contain', { ...request, ...answer });
      return answer;
    };
  },
  (request) => ({ ...request }),
);
