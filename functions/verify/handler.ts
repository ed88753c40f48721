import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createAccessReader } from '../../shared/aws/access-reader.ts';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createFlow } from '../../shared/aws/flow.ts';
import { createIam } from '../../shared/aws/iam.ts';
import { awsServices } from '../../shared/aws/resources/aws-services.ts';
import { createResources } from '../../shared/aws/resources/create-resources.ts';
import { trailHistoryIn } from '../../shared/aws/trail-history-in.ts';
import { expireApproval } from '../../shared/cases/ask-approval.ts';
import { type EndHoldDeps, type HoldAnswer, lookAtHold } from '../../shared/cases/end-hold.ts';
import { recordFailure } from '../../shared/cases/record-failure.ts';
import { type VerifyReleaseDeps, verifyReleaseCase } from '../../shared/cases/restore-case.ts';
import { type VerifyAnswer, type VerifyCaseDeps, verifyCase } from '../../shared/cases/verify-case.ts';
import { whyProtected } from '../../shared/cases/why-protected.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { isGuarded } from '../../shared/config/guarded.ts';
import { trailRegions } from '../../shared/config/iam-region.ts';
import { rotationMoved } from '../../shared/containment/rotation-moved.ts';
import { verify } from '../../shared/containment/verify.ts';
import { verifyRestore } from '../../shared/containment/verify-restore.ts';
import type { FlowInput } from '../../shared/ports/flow.ts';
import { sweepResidue } from '../../shared/residue/sweep-residue.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { newCaseId, readDeployedPolicy, systemClock } from '../system.ts';

type Request =
  | { readonly kind: 'verify'; readonly caseId: string; readonly planVersion: number }
  | { readonly kind: 'verify-release'; readonly caseId: string; readonly release: number; readonly round: number }
  /** A lock's end has come, or is yet to be waited for. */
  | { readonly kind: 'hold'; readonly caseId: string; readonly planVersion: number }
  | { readonly kind: 'approval-expired'; readonly caseId: string; readonly planVersion: number }
  /** With the input of the execution that failed: its failure says nothing about one that has overtaken it. */
  | { readonly kind: 'failed'; readonly execution: FlowInput; readonly error: string };

type Answer = VerifyAnswer | HoldAnswer;

/** Looks again at what was done, and says what it is worth. It can write nothing in IAM. */
export const handler = lambdaFunction<Request, Answer | undefined>(
  'verify',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.verify);
    const policy = readDeployedPolicy();
    const iam = createIam(new IAMClient({ maxAttempts: 1 }), { clock: systemClock, random: Math.random });
    const resources = createResources(awsServices, { clock: systemClock, random: Math.random });
    const dynamo = new DynamoDBClient({});
    const accesses = createAccessReader(dynamo, environment.ACCESS_TABLE);
    const store = createCaseStore(
      dynamo,
      { cases: environment.CASES_TABLE, state: environment.STATE_TABLE },
      systemClock,
    );
    const trails = trailRegions(readEnvironment(process.env, ['AWS_REGION']).AWS_REGION).map((region) => ({
      region,
      history: trailHistoryIn(region, systemClock),
    }));
    const ledgerOf = (caseId: string) => ({ read: () => store.ledger(caseId) });
    const reads = { iam, resources };
    const deps: VerifyCaseDeps & VerifyReleaseDeps & EndHoldDeps = {
      store,
      clock: systemClock,
      settleSeconds: policy.timing.settleSeconds,
      timing: policy.timing,
      endpointIsAws: environment.EMBEDDED_AWS !== 'true',
      isGuarded: (subject) => isGuarded(policy, subject),
      escalation: {
        flow: createFlow(new SFNClient({}), environment.STATE_MACHINE_ARN),
        lookup: iam,
        newCaseId,
        whyProtected: (subject) => whyProtected(policy, subject),
      },
      sweepResidue: (of, detections) => sweepResidue({ trails, iam, accesses, clock: systemClock }, of, detections),
      verify: (caseId, request) => verify({ ...reads, ledger: ledgerOf(caseId), clock: systemClock }, request),
      rotationMoved: (subject, entries) => rotationMoved(reads, subject, entries),
      verifyRestore: (caseId, request) =>
        verifyRestore({ ...reads, ledger: ledgerOf(caseId), clock: systemClock }, request),
    };

    const answer = async (request: Request): Promise<Answer | undefined> => {
      switch (request.kind) {
        case 'verify':
          return verifyCase(deps, request);
        case 'verify-release':
          return verifyReleaseCase(deps, request);
        case 'hold':
          return lookAtHold(deps, request);
        case 'approval-expired':
          await expireApproval(deps, request);
          return undefined;
        case 'failed':
          await recordFailure(deps, { ...request.execution, error: request.error });
          return undefined;
      }
    };
    return async (request) => {
      const answered = await answer(request);
      logger.info('verify', { ...idsOf(request), ...answered });
      return answered;
    };
  },
  idsOf,
);

function idsOf(request: Request): { readonly request: Request['kind']; readonly caseId: string } {
  const { caseId } = request.kind === 'failed' ? request.execution : request;
  return { request: request.kind, caseId };
}
