import { peopleIn } from '../../shared/aws/identity-center-at.ts';
import { awsServices } from '../../shared/aws/resources/aws-services.ts';
import { createResources } from '../../shared/aws/resources/create-resources.ts';
import { type ContainAnswer, containCase } from '../../shared/cases/contain-case.ts';
import { composeContainment } from '../containment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { systemClock } from '../system.ts';

type Request = Parameters<typeof containCase>[1];

/** Undoes what the detected calls changed: the part of a plan that contain leaves, under the same gates. */
export const handler = lambdaFunction<Request, ContainAnswer>(
  'revert',
  (logger) => {
    const resources = createResources(awsServices, { clock: systemClock, random: Math.random });
    const { deps } = composeContainment(logger, 'revert', (policy) => ({ resources, ...peopleIn(policy) }));
    return async (request) => {
      const answer = await containCase(deps, request);
      logger.info('revert', { ...request, ...answer });
      return answer;
    };
  },
  (request) => ({ ...request }),
);
