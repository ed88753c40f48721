import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createIam } from '../../shared/aws/iam.ts';
import { createLedger } from '../../shared/aws/ledger.ts';
import { createMac } from '../../shared/aws/mac.ts';
import { awsServices } from '../../shared/aws/resources/aws-services.ts';
import { createResources } from '../../shared/aws/resources/create-resources.ts';
import { type RestoreCaseDeps, restoreCase } from '../../shared/cases/restore-case.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { restore } from '../../shared/containment/restore.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { systemClock } from '../system.ts';

type Request = { readonly caseId: string; readonly release: number };

/** Gives back exactly what the ledger says was taken. */
export const handler = lambdaFunction(
  'restore',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.restore);
    const dynamo = new DynamoDBClient({});
    const iam = createIam(new IAMClient({ maxAttempts: 1 }), { clock: systemClock, random: Math.random });
    const resources = createResources(awsServices, { clock: systemClock, random: Math.random });
    const mac = createMac(new KMSClient({}), environment.LEDGER_KEY_ARN);
    const deps: RestoreCaseDeps = {
      store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
      clock: systemClock,
      ledgerOf: (caseId, planVersion, lease) =>
        createLedger(dynamo, environment.CASES_TABLE, systemClock, mac, { caseId, planVersion, lease }),
      restore: (ledger, request) => restore({ iam, resources, ledger }, request),
    };

    return async (request: Request) => {
      const answer = await restoreCase(deps, request);
      logger.info('restore', { ...request, ...answer });
      return answer;
    };
  },
  ({ caseId, release }) => ({ caseId, release }),
);
