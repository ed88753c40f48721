import type { Subject } from '../../../shared/cases/subject.ts';
import type { ActionId, Step } from '../../../shared/containment/action.ts';
import {
  type ContainReport,
  type ContainRequest,
  contain,
  type MayWrite,
} from '../../../shared/containment/contain.ts';
import { CUT_OFF_AT_CONTAINMENT } from '../../../shared/containment/plan.ts';
import { inlineNamesOf, planContainment } from '../../../shared/containment/plan-containment.ts';
import { type ContainableSubject, readDocuments, readSubject } from '../../../shared/containment/read-subject.ts';
import type { Iam } from '../../../shared/ports/iam.ts';
import { type Around, createFakeIam, type FakeRole, type FakeUser, QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

export const USER_ACTIONS: readonly ActionId[] = [
  'quarantine',
  'deactivate-keys',
  'deactivate-other-credentials',
  'detach-policies',
];

export type UserSubject = Extract<Subject, { kind: 'user' }>;
export type SessionSubject = Extract<Subject, { kind: 'session' }>;

/** An account with one clock, one ledger and nobody in it yet, at 02:00 UTC. */
export function createScene(options: { readonly attachQuota?: number; readonly around?: Around } = {}) {
  const clock = createVirtualClock('2026-11-21T02:00:00.250Z');
  const fake = createFakeIam(options);
  const ledger = createMemoryLedger(clock, options.around);
  return {
    clock,
    fake,
    ledger,
    contain(
      request: Pick<ContainRequest, 'subject'> & Partial<ContainRequest>,
      mayWrite: () => Promise<MayWrite> = async () => ({ ok: true }),
    ): Promise<ContainReport> {
      return contain(
        { iam: fake.iam, ledger: ledger.takeLease(), clock, mayWrite },
        {
          actions: USER_ACTIONS,
          quarantinePolicyArn: QUARANTINE_ARN,
          sessionMarginSeconds: 60,
          pass: 'first',
          ...request,
        },
      );
    },
  };
}
export type Scene = ReturnType<typeof createScene>;

export function userSubject({ userName, userId, arn }: FakeUser): UserSubject {
  return { kind: 'user', key: `user:${userId}`, account: '111122223333', userId, userName, arn };
}

export function roleSubject({ roleName, roleId, arn }: FakeRole): Extract<Subject, { kind: 'role' }> {
  return { kind: 'role', key: `role:${roleId}`, account: '111122223333', roleId, roleName, arn };
}

export function sessionSubject({ roleName, roleId, arn }: FakeRole, sessionName: string): SessionSubject {
  return {
    kind: 'session',
    key: `session:${roleId}:${sessionName}`,
    account: '111122223333',
    roleId,
    roleName,
    arn,
    sessionName,
  };
}

export function ran(report: ContainReport): Extract<ContainReport, { kind: 'ran' }> {
  if (report.kind !== 'ran') throw new Error(`The containment did not run: ${JSON.stringify(report)}`);
  return report;
}

/** What a plan shows and an approval binds to: with the placeholder where the cut-off will stand. */
export async function plannedSteps(
  iam: Iam,
  subject: ContainableSubject,
  actions: readonly ActionId[],
): Promise<readonly Step[]> {
  const snapshot = await readSubject({ iam }, subject, inlineNamesOf(subject, actions));
  const documents = await readDocuments(iam, snapshot, QUARANTINE_ARN);
  const cutOff = CUT_OFF_AT_CONTAINMENT;
  const plan = planContainment({ subject, actions, snapshot, documents, quarantinePolicyArn: QUARANTINE_ARN, cutOff });
  if (plan.kind !== 'plan') throw new Error(`No plan: ${JSON.stringify(plan)}`);
  return plan.steps;
}
