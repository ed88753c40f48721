import { IAMClient } from '@aws-sdk/client-iam';
import { systemClock } from '../../functions/system.ts';
import { createIam } from '../../shared/aws/iam.ts';
import { createLoginProfiles } from '../../shared/aws/login-profiles.ts';
import type { ContainCaseDeps } from '../../shared/cases/contain-case.ts';
import type { PlanDeps } from '../../shared/cases/plan-case.ts';
import type { RestoreCaseDeps, VerifyReleaseDeps } from '../../shared/cases/restore-case.ts';
import type { VerifyCaseDeps } from '../../shared/cases/verify-case.ts';
import { whyProtected } from '../../shared/cases/why-protected.ts';
import { POLICY_DEFAULTS } from '../../shared/config/policy-defaults.ts';
import { contain } from '../../shared/containment/contain.ts';
import { hashPlan } from '../../shared/containment/hash-plan.ts';
import { findOtherAdministrator } from '../../shared/containment/last-administrator.ts';
import { inlineNamesOf, planContainment, thingsOf } from '../../shared/containment/plan-containment.ts';
import { readDocuments, readSubject } from '../../shared/containment/read-subject.ts';
import { restore } from '../../shared/containment/restore.ts';
import { verify } from '../../shared/containment/verify.ts';
import { verifyRestore } from '../../shared/containment/verify-restore.ts';
import { whyAdministrator } from '../../shared/containment/why-administrator.ts';
import type { ClientConfig } from '../stack/endpoint.ts';
import type { MemoryCaseStore } from './memory-case-store.ts';

/** What the functions of a deployed stack are composed of, over a file and with the caller's own credentials. */
export type DirectDeps = {
  readonly plan: PlanDeps;
  readonly contain: ContainCaseDeps;
  readonly verify: VerifyCaseDeps;
  readonly restore: RestoreCaseDeps;
  readonly verifyRelease: VerifyReleaseDeps;
};

/**
 * AWS's own policy that denies everything is in every account, so that nothing has to be created before the deny, nor to be
 * deleted after the release. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html
 */
const DENY_ALL = 'iam::aws:policy/AWSDenyAll';

/** An emulator holds at once what it was told; AWS takes seconds. */
const SETTLE_SECONDS_ELSEWHERE = 3;

export function directDeps(config: ClientConfig, store: MemoryCaseStore, partition: string): DirectDeps {
  const clock = systemClock;
  const client = new IAMClient({ ...config, maxAttempts: 1 });
  const iam = createIam(client, { clock, random: Math.random });
  // All that is changed beside IAM's own reads and writes: a console password, which no function may set.
  const resources = createLoginProfiles(client, { clock, random: Math.random });
  const quarantinePolicyArn = `arn:${partition}:${DENY_ALL}`;
  const ledger = (caseId: string) => ({ read: () => store.ledger(caseId) });
  const { ledgerOf } = store;
  const onAws = config.endpoint === undefined;
  // Without a stack there is neither a policy of the operator nor a switch; the caller is refused where the order is taken.
  const gates = {
    whyProtected: (subject: Parameters<PlanDeps['whyProtected']>[0]) => whyProtected({ protected: [] }, subject),
    isStopped: async () => ({ stopped: false as const }),
  };
  return {
    plan: {
      store,
      clock,
      ...gates,
      makePlan: async (subject, actions, cutOff, releases) => {
        const snapshot = await readSubject(
          { iam, resources },
          subject,
          inlineNamesOf(subject, actions, releases),
          thingsOf(actions, undefined, subject),
        );
        const documents = await readDocuments(iam, snapshot, quarantinePolicyArn);
        return planContainment({ subject, actions, snapshot, documents, quarantinePolicyArn, cutOff, releases });
      },
      whyAdministrator: (subject, granted) => whyAdministrator(iam, subject, granted),
      hashPlan,
      mfaDevices: iam.mfaDevices,
      // Of one subject only: a person who names each one needs no limit on how many.
      breakerLimits: { subjects: 1_000, windowSeconds: POLICY_DEFAULTS.breakerWindowSeconds },
    },
    contain: {
      part: 'caller',
      store,
      clock,
      ...gates,
      otherAdministrator: (subject) => findOtherAdministrator(iam, subject),
      ledgerOf,
      contain: (own, mayWrite, request) =>
        contain(
          { iam, resources, ledger: own, clock, mayWrite },
          { ...request, quarantinePolicyArn, sessionMarginSeconds: POLICY_DEFAULTS.sessionMarginSeconds },
        ),
    },
    verify: {
      store,
      clock,
      settleSeconds: onAws ? POLICY_DEFAULTS.settleSeconds : SETTLE_SECONDS_ELSEWHERE,
      endpointIsAws: onAws,
      verify: (caseId, request) => verify({ iam, resources, ledger: ledger(caseId), clock }, request),
    },
    restore: { store, clock, ledgerOf, restore: (own, request) => restore({ iam, ledger: own }, request) },
    verifyRelease: {
      store,
      clock,
      verifyRestore: (caseId, request) => verifyRestore({ iam, ledger: ledger(caseId), clock }, request),
    },
  };
}
