import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createFlow } from '../../shared/aws/flow.ts';
import { type Swept, sweepCases } from '../../shared/cases/sweep.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readDeployedPolicy, systemClock } from '../system.ts';

/** Comes by on a schedule and does what was due by itself and was not done, should the execution that waited be lost. */
export const handler = lambdaFunction<unknown, readonly Swept[]>(
  'sweep',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.sweep);
    const policy = readDeployedPolicy();
    const deps = {
      store: createCaseStore(
        new DynamoDBClient({}),
        { cases: environment.CASES_TABLE, state: environment.STATE_TABLE },
        systemClock,
      ),
      flow: createFlow(new SFNClient({}), environment.STATE_MACHINE_ARN),
      clock: systemClock,
      timing: policy.timing,
    };

    return async () => {
      const swept = await sweepCases(deps);
      for (const each of swept) logger.info('swept', { ...each });
      return swept;
    };
  },
  () => ({}),
);
