import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type PartnersOf, partnersOf } from '../../shared/access/partners.ts';
import { type LineageOf, lineageOf, type SessionLineage } from '../../shared/access/session-lineage.ts';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createFlow } from '../../shared/aws/flow.ts';
import { createIam } from '../../shared/aws/iam.ts';
import { identityCenterAt, peopleIn } from '../../shared/aws/identity-center-at.ts';
import { createPrincipalLookup } from '../../shared/aws/principal-lookup.ts';
import { awsServices } from '../../shared/aws/resources/aws-services.ts';
import { createResources } from '../../shared/aws/resources/create-resources.ts';
import { createSessionReader } from '../../shared/aws/session-reader.ts';
import { createStopSwitch } from '../../shared/aws/stop-switch.ts';
import { askApproval } from '../../shared/cases/ask-approval.ts';
import { createFollowPerson } from '../../shared/cases/follow-person.ts';
import { followSessions } from '../../shared/cases/follow-sessions.ts';
import { createPersonSteps } from '../../shared/cases/person-steps.ts';
import { type PlanAnswer, planCase } from '../../shared/cases/plan-case.ts';
import { whyProtected } from '../../shared/cases/why-protected.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { isGuarded } from '../../shared/config/guarded.ts';
import { hashPlan } from '../../shared/containment/hash-plan.ts';
import { inlineNamesOf, planContainment, thingsOf } from '../../shared/containment/plan-containment.ts';
import { readDocuments, readSubject } from '../../shared/containment/read-subject.ts';
import { whyAdministrator } from '../../shared/containment/why-administrator.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { newCaseId, readDeployedPolicy, systemClock } from '../system.ts';

type Request =
  | { readonly kind: 'plan' | 'follow'; readonly caseId: string; readonly planVersion: number }
  | { readonly kind: 'ask'; readonly caseId: string; readonly planVersion: number; readonly taskToken: string };

/** Says what a case would change, exactly, and passes it through the gates. It can write nothing in IAM. */
export const handler = lambdaFunction<Request, PlanAnswer | undefined>(
  'plan',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.plan);
    const policy = readDeployedPolicy();
    const dynamo = new DynamoDBClient({});
    const iam = createIam(new IAMClient({ maxAttempts: 1 }), { clock: systemClock, random: Math.random });
    const resources = createResources(awsServices, { clock: systemClock, random: Math.random });
    const sessions = createSessionReader(dynamo, environment.ACCESS_TABLE);
    const quarantinePolicyArn = environment.QUARANTINE_POLICY_ARN;
    const joining = {
      store: createCaseStore(dynamo, { cases: environment.CASES_TABLE, state: environment.STATE_TABLE }, systemClock),
      clock: systemClock,
      flow: createFlow(new SFNClient({}), environment.STATE_MACHINE_ARN),
      newCaseId,
    };
    const { identityCenter: center } = policy;
    const identityCenter = center === undefined ? undefined : identityCenterAt(center);
    const deps = {
      ...joining,
      makePlan: async (
        subject: Parameters<typeof readSubject>[1],
        actions: Parameters<typeof inlineNamesOf>[1],
        cutOff: string,
        releases: number,
        granted: Parameters<typeof inlineNamesOf>[3],
        touched: Parameters<typeof inlineNamesOf>[4],
        lineage?: SessionLineage,
      ) => {
        const snapshot = await readSubject(
          { iam, resources, ...peopleIn(policy) },
          subject,
          inlineNamesOf(subject, actions, releases, granted, touched),
          thingsOf(actions, touched),
        );
        const documents = await readDocuments(iam, snapshot, quarantinePolicyArn, granted);
        return planContainment({
          subject,
          actions,
          snapshot,
          documents,
          quarantinePolicyArn,
          guarded: isGuarded(policy, subject),
          cutOff,
          releases,
          ...(granted === undefined ? {} : { granted }),
          ...(touched === undefined ? {} : { touched }),
          ...(lineage === undefined ? {} : { lineage }),
        });
      },
      whyAdministrator: (
        subject: Parameters<typeof whyAdministrator>[1],
        granted: Parameters<typeof whyAdministrator>[2],
      ) => whyAdministrator(iam, subject, granted),
      hashPlan,
      mfaDevices: iam.mfaDevices,
      whyProtected: (subject: Parameters<typeof whyProtected>[1]) => whyProtected(policy, subject),
      isStopped: createStopSwitch(new SSMClient({}), environment.STOP_PARAMETER),
      breakerLimits: policy.breaker,
      lineageOf: (of: LineageOf) => lineageOf(sessions, of, systemClock.now()),
      partnersOf: (of: PartnersOf) => partnersOf(sessions, of),
      lookup: createPrincipalLookup(new IAMClient({})),
      ...(center === undefined || identityCenter === undefined
        ? {}
        : {
            personSteps: createPersonSteps(identityCenter, center),
            followPerson: createFollowPerson({ ...joining, identityCenter, center }),
          }),
    };

    return async (request) => {
      if (request.kind === 'ask') {
        await askApproval(deps, request);
        return undefined;
      }
      if (request.kind === 'follow') {
        await followSessions(deps, request);
        return undefined;
      }
      const answer = await planCase(deps, request);
      logger.info('planned', { caseId: request.caseId, planVersion: request.planVersion, ...answer });
      return answer;
    };
  },
  ({ kind, caseId, planVersion }) => ({ kind, caseId, planVersion }),
);
