import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { keepTagged } from '../../shared/access/keep-tagged.ts';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createFlow } from '../../shared/aws/flow.ts';
import { lazily } from '../../shared/aws/lazily.ts';
import { createTaggedStore } from '../../shared/aws/tagged-store.ts';
import { type Swept, sweepCases } from '../../shared/cases/sweep.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { tagsOf } from '../../shared/config/tags-of.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readDeployedPolicy, systemClock } from '../system.ts';

/** Comes by on a schedule and does what was due by itself and was not done, should the execution that waited be lost. */
export const handler = lambdaFunction<unknown, readonly Swept[]>(
  'sweep',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.sweep);
    const policy = readDeployedPolicy();
    const dynamo = new DynamoDBClient({});
    const deps = {
      store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
      flow: createFlow(new SFNClient({}), environment.STATE_MACHINE_ARN),
      clock: systemClock,
      timing: policy.timing,
    };

    const tags = tagsOf(policy);
    const store = createTaggedStore(dynamo, environment.STATE_TABLE);
    const tagSearch = lazily(async () => (await import('../../shared/aws/tag-search.ts')).createTagSearch());
    const lookForTags = async () =>
      tags.length === 0 ? { added: 0, removed: 0 } : keepTagged({ search: await tagSearch(), store }, tags);

    return async () => {
      // Neither keeps the other from being done.
      const [cases, tagged] = await Promise.allSettled([sweepCases(deps), lookForTags()]);
      if (tagged.status === 'fulfilled') logger.info('tagged', tagged.value);
      if (cases.status === 'rejected') throw cases.reason;
      for (const each of cases.value) logger.info('swept', { ...each });
      if (tagged.status === 'rejected') throw tagged.reason;
      return cases.value;
    };
  },
  () => ({}),
);
