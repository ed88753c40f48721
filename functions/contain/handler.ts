import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { findAdministratorBeside } from '../../shared/cases/administrator-beside.ts';
import { type ContainAnswer, containCase } from '../../shared/cases/contain-case.ts';
import { composeContainment } from '../containment.ts';
import { lambdaFunction } from '../lambda-function.ts';

type Request = { readonly kind: 'wake' } | Parameters<typeof containCase>[1];

/** Takes access back, one pass: the deny first. `wake` only makes it ready, while the plan is being made. */
export const handler = lambdaFunction<Request, ContainAnswer | undefined>(
  'contain',
  (logger) => {
    const { deps: both, environment, iam, iamClient, mac } = composeContainment(logger, 'contain', () => ({}));
    const deps = {
      ...both,
      otherAdministrator: (subject: Parameters<typeof findAdministratorBeside>[1]) =>
        findAdministratorBeside({ store: both.store, iam }, subject),
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
