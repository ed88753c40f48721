import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
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
import { lambdaFunction } from '../lambda-function.ts';
import { readCompiledPolicy, systemClock } from '../system.ts';

type Request = Parameters<typeof containCase>[1];

/** Undoes what the detected calls changed: the part of a plan that contain leaves, under the same gates. */
export const handler = lambdaFunction<Request, ContainAnswer>(
  'revert',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.revert);
    const { policy } = readCompiledPolicy();
    const dynamo = new DynamoDBClient({});
    const iam = createIam(new IAMClient({ maxAttempts: 1 }), { clock: systemClock, random: Math.random });
    const mac = createMac(new KMSClient({}), environment.LEDGER_KEY_ARN);
    const deps: ContainCaseDeps = {
      part: 'revert',
      store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
      clock: systemClock,
      isStopped: createStopSwitch(new SSMClient({}), environment.STOP_PARAMETER),
      whyProtected: (subject) => whyProtected(policy, subject),
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
        logger.info('reverted a pass', { pass: request.pass, report: report.kind });
        return report;
      },
    };

    return async (request) => {
      const answer = await containCase(deps, request);
      logger.info('revert', { ...request, ...answer });
      return answer;
    };
  },
  (request) => ({ ...request }),
);
