import type { Alert } from '../../../shared/alerts/alert.ts';
import type { Detection } from '../../../shared/cases/case.ts';

/** A stolen key of a normal user: enumerates, makes itself administrator, makes a key for somebody else. */
export const adminPolicyAttached: Detection = {
  ruleId: '6c1b7d0e-5a3f-4d7c-9d55-0f6f3e1f2a01',
  ruleTitle: 'Administrator policy attached to a user or role',
  ruleFile: 'rules/privilege/administrator-policy-attached.yml',
  level: 'critical',
  eventId: '2f6a0d5e-1d2c-4b53-8d3c-0d5f6b1f9a10',
  eventTime: '2026-11-21T02:02:11Z',
  detectedAt: '2026-11-21T02:02:14.120Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'AttachUserPolicy',
  region: 'us-east-1',
  actor: 'user mallory',
  sourceIp: '203.0.113.7',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  granted: [
    { kind: 'policy-attached', principal: 'mallory', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  ],
  playbook: 'contain',
};

export const keyForSomebodyElse: Detection = {
  ...adminPolicyAttached,
  ruleId: '6c1b7d0e-5a3f-4d7c-9d55-0f6f3e1f2a02',
  ruleTitle: 'Access key created for somebody else',
  ruleFile: 'rules/credentials/key-for-somebody-else.yml',
  level: 'high',
  eventId: '2f6a0d5e-1d2c-4b53-8d3c-0d5f6b1f9a11',
  eventTime: '2026-11-21T02:02:19Z',
  detectedAt: '2026-11-21T02:02:21.500Z',
  eventName: 'CreateAccessKey',
  granted: [{ kind: 'access-key-created', principal: 'alice', accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }],
};

const steps = (state: Alert['steps'][number]['state']): Alert['steps'] => [
  { title: 'attach the quarantine policy to user mallory', state },
  { title: 'deactivate access key AKIAIOSFODNN7EXAMPLE', state },
  { title: 'detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory', state },
];

export const planned: Alert = {
  schema: 'rescind.alert/1',
  dedupId: 'C-7F3A2B9C#2',
  caseId: 'C-7F3A2B9C',
  caseVersion: 2,
  state: 'open',
  severity: 'critical',
  mode: 'observe',
  account: '123456789012',
  region: 'us-east-1',
  subject: 'user mallory',
  subjectArn: 'arn:aws:iam::123456789012:user/mallory',
  outcome: { kind: 'planned' },
  detections: [adminPolicyAttached, keyForSomebodyElse],
  steps: steps('planned'),
  at: '2026-11-21T02:02:15.000Z',
};

const otherKey = {
  what: 'access key AKIAI44QH8DHBEXAMPLE of alice, created by this subject',
  humanStep: 'aws iam update-access-key --user-name alice --access-key-id AKIAI44QH8DHBEXAMPLE --status Inactive',
};

export const contained: Alert = {
  ...planned,
  dedupId: 'C-7F3A2B9C#4',
  caseVersion: 4,
  state: 'contained',
  mode: 'enforce',
  outcome: {
    kind: 'contained',
    grade: 'B',
    residual: [otherKey],
    unavailable: [{ operation: 'iam:ListSSHPublicKeys', reason: 'this endpoint does not know the operation' }],
  },
  steps: steps('done'),
  at: '2026-11-21T02:02:49.000Z',
};

export const partial: Alert = {
  ...contained,
  state: 'needs-human',
  outcome: {
    kind: 'partial',
    missing: [
      {
        item: 'deactivate access key AKIAIOSFODNN7EXAMPLE',
        reason: 'AccessDenied: an explicit deny in a service control policy',
      },
    ],
    residual: [otherKey],
    unavailable: [],
  },
  steps: [
    { title: 'attach the quarantine policy to user mallory', state: 'done' },
    { title: 'deactivate access key AKIAIOSFODNN7EXAMPLE', state: 'failed' },
    { title: 'detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory', state: 'undone' },
  ],
};

export const { outcome: _outcome, ...withoutOutcome } = contained;

export const released: Alert = {
  ...withoutOutcome,
  dedupId: 'C-7F3A2B9C#6',
  caseVersion: 6,
  state: 'released',
  steps: [
    { title: 'attach the quarantine policy to user mallory', state: 'undone' },
    { title: 'deactivate access key AKIAIOSFODNN7EXAMPLE', state: 'withheld' },
    { title: 'detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory', state: 'withheld' },
  ],
  at: '2026-11-21T07:30:00.000Z',
  note: 'released by arn:aws:iam::123456789012:user/oncall',
};

export const awaitingApproval: Alert = { ...planned, state: 'awaiting-approval', mode: 'approve' };

export const refusedByBreaker: Alert = {
  ...planned,
  state: 'needs-human',
  mode: 'enforce',
  outcome: {
    kind: 'refused',
    reason: 'breaker',
    detail: 'more than 5 subjects in 15 minutes; close the breaker with "npx rescind breaker close"',
  },
};

export const notContainable: Alert = {
  ...planned,
  state: 'needs-human',
  mode: 'enforce',
  subject: 'root of 123456789012',
  subjectArn: 'root:123456789012',
  outcome: {
    kind: 'not-containable',
    why: 'No IAM policy restricts the root user.',
    humanSteps: ['Sign in as root, change its password and delete its access keys.', 'Check the MFA devices of root.'],
  },
  steps: [],
};
