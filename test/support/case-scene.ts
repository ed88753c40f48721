import type { AccessEvent } from '../../shared/access/access-event.ts';
import type { Principal } from '../../shared/access/principal.ts';
import type { Case, Detection } from '../../shared/cases/case.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import type { Flow, FlowInput } from '../../shared/ports/flow.ts';
import type { NewLedgerEntry } from '../../shared/ports/ledger.ts';
import type { RuleHeader } from '../../shared/rules/rule.ts';

export const ACCOUNT = '111122223333';

export const mallory = {
  kind: 'user',
  key: 'user:AIDAMALLORY',
  account: ACCOUNT,
  userId: 'AIDAMALLORY',
  userName: 'mallory',
  arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
} as const satisfies Subject;

export function detection(of: Partial<Detection> = {}): Detection {
  return {
    ruleId: 'rule-a',
    ruleTitle: 'Rule A',
    ruleFile: 'rules/a.yml',
    level: 'high',
    eventId: 'event-1',
    eventTime: '2026-11-21T02:00:00Z',
    detectedAt: '2026-11-21T02:00:02.000Z',
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachUserPolicy',
    region: 'us-east-1',
    actor: 'mallory',
    granted: [],
    playbook: 'contain',
    ...of,
  };
}

export function newCase(of: Partial<Case> = {}): Case {
  return {
    caseId: 'C-1',
    subject: mallory,
    state: 'open',
    severity: 'high',
    version: 0,
    planVersion: 1,
    mode: 'enforce',
    playbooks: ['contain'],
    actions: ['quarantine', 'deactivate-keys'],
    ruleIds: ['rule-a'],
    openedAt: '2026-11-21T02:00:02.000Z',
    updatedAt: '2026-11-21T02:00:02.000Z',
    releases: 0,
    revision: 1,
    ...of,
  };
}

export function rule(of: Partial<RuleHeader> = {}): RuleHeader {
  const { id = 'rule-a' } = of;
  return {
    id,
    title: `Title of ${id}`,
    level: 'high',
    description: '',
    falsePositives: [],
    tags: [],
    file: `rules/${id}.yml`,
    subject: 'actor',
    needsReadEvents: false,
    ...of,
  };
}

export function userPrincipal(of: Partial<Extract<Principal, { kind: 'user' }>> = {}): Principal {
  const { account, userId, userName, arn } = mallory;
  return { kind: 'user', account, userId, userName, arn, accessKeyId: 'AKIAMALLORY1', temporary: false, ...of };
}

/** One session of a role, such as a fake account has. */
export function sessionPrincipal(
  { roleId, roleName, arn }: { readonly roleId: string; readonly roleName: string; readonly arn: string },
  of: Partial<Extract<Principal, { kind: 'role-session' }>> = {},
): Extract<Principal, { kind: 'role-session' }> {
  return {
    kind: 'role-session',
    account: ACCOUNT,
    roleId,
    roleName,
    roleArn: arn,
    sessionName: 'mallory',
    serviceLinked: false,
    ...of,
  };
}

export function accessEvent(of: Partial<AccessEvent> = {}): AccessEvent {
  return {
    eventId: 'event-1',
    eventTime: '2026-11-21T02:00:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachUserPolicy',
    region: 'us-east-1',
    account: ACCOUNT,
    principal: userPrincipal(),
    readOnly: false,
    sourceIp: '203.0.113.7',
    record: {},
    ...of,
  };
}

export const keyEntry: NewLedgerEntry = {
  key: 'deactivate-keys#AKIAMALLORY1',
  actionId: 'deactivate-keys',
  target: 'access key AKIAMALLORY1',
  call: {
    service: 'iam',
    operation: 'UpdateAccessKey',
    input: { UserName: 'mallory', AccessKeyId: 'AKIAMALLORY1', Status: 'Inactive' },
  },
  prior: { status: 'Active' },
  order: 1,
};

export const denyEntry: NewLedgerEntry = {
  key: 'quarantine#mallory',
  actionId: 'quarantine',
  target: 'user mallory',
  call: {
    service: 'iam',
    operation: 'AttachUserPolicy',
    input: { UserName: 'mallory', PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/Rescind-Quarantine` },
  },
  prior: { attached: false },
  order: 0,
};

/** What a lock leaves standing beyond its end; each lock after a release has one of its own. */
export function cutOffEntry(releases = 0): NewLedgerEntry {
  const suffix = releases === 0 ? '' : `-${releases}`;
  return {
    key: `cut-off-tokens#user mallory${suffix}`,
    actionId: 'cut-off-tokens',
    target: 'user mallory',
    call: {
      service: 'iam',
      operation: 'PutUserPolicy',
      input: { UserName: 'mallory', PolicyName: `Rescind-CutOffTokens-0123${suffix}`, PolicyDocument: '{}' },
    },
    prior: { document: null },
    order: 1,
  };
}

/** Step Functions as far as a case sees it: what was started, by the name that makes it the same, and what was answered. */
export function createFakeFlow(
  options: { readonly nobodyWaits?: boolean } = {},
): Flow & { readonly started: FlowInput[]; readonly answers: string[]; readonly names: () => readonly string[] } {
  const started: FlowInput[] = [];
  const answers: string[] = [];
  return {
    started,
    answers,
    names: () => [
      ...new Set(
        started.map((input) =>
          input.kind === 'contain'
            ? `${input.caseId} plan ${input.planVersion}`
            : `${input.caseId} release ${input.release}`,
        ),
      ),
    ],
    async start(input) {
      started.push(input);
    },
    async answer(taskToken, approved) {
      if (options.nobodyWaits === true) return 'gone';
      answers.push(`${taskToken}: ${approved ? 'approved' : 'rejected'}`);
      return 'answered';
    },
  };
}
