/** What the tests deploy: the same rules as everybody, each mode at one rule at least, and times that suit an emulator. */

/** Ids of the rules that the scenarios speak of; they stand in the files under `rules/`. */
export const RULES = {
  administratorAttached: 'e4314c8a-2793-4e99-a809-3d364fb76c61',
  keyForSomebodyElse: '0db16684-3dd6-4043-ae17-189e8a340f04',
  trailStopped: 'e1e354ee-4e21-4f9e-acd3-a876c112af9b',
  /** Playbook `alert`: tells, and has no action. */
  signInWithoutMfa: 'a382209c-c96b-4dfc-a4ff-b411a38c625a',
  /** In mode observe here. */
  passwordForSomebodyElse: '61eeb9b6-cee7-4eb1-a702-2501a26b7434',
  /** In mode approve here. */
  trustOpened: '30b78d20-7663-488c-a43a-e7d4a202e533',
  /** Of these tests: all sessions of the role that was tagged. */
  roleTagged: '0b7c5a52-3f0e-4c6c-9d4c-9a8f4a5f7b01',
  /** Of these tests: all sessions of the role behind the session that renamed a role. */
  roleDescribed: '0b7c5a52-3f0e-4c6c-9d4c-9a8f4a5f7b02',
  /** Outside business hours, on a sensitive secret; access is taken for `REVOKED_SECONDS`. */
  sensitiveSecretAtNight: '3d0e8f6a-5b1c-4c57-9d0e-6f2a7b8c9d01',
  sensitiveDataAtNight: '3d0e8f6a-5b1c-4c57-9d0e-6f2a7b8c9d03',
  sensitiveSecretFirstSeen: '3d0e8f6a-5b1c-4c57-9d0e-6f2a7b8c9d02',
  /** Outside business hours, by a role or user that is called administrator. */
  administratorAtNight: '3d0e8f6a-5b1c-4c57-9d0e-6f2a7b8c9d08',
  /** Of these tests: whoever tags a user is locked for `LOCK_SECONDS`. */
  userTagged: '0b7c5a52-3f0e-4c6c-9d4c-9a8f4a5f7b03',
  /** Of these tests: whoever reads a secret of the orders is kept from it for `REVOKED_SECONDS`. */
  orderSecretRead: '0b7c5a52-3f0e-4c6c-9d4c-9a8f4a5f7b06',
  /** Of these tests: whoever reads one that rotates is kept from it for longer than any test. */
  copiedSecretRead: '0b7c5a52-3f0e-4c6c-9d4c-9a8f4a5f7b0b',
} as const;

/** Names of users that nobody may touch begin so. */
export const PROTECTED_PREFIX = 'guarded-';

/** Names of secrets that are sensitive begin so. */
export const SENSITIVE_PREFIX = 'finance-';

/** What bears it is sensitive, whatever its name. */
export const SENSITIVE_TAG = { Key: 'data', Value: 'finance' } as const;

export const SETTLE_SECONDS = 2;
/** Long enough for a busy machine to see the containment verified before it ends. */
export const LOCK_SECONDS = 60;
export const REVOKED_SECONDS = LOCK_SECONDS;

export function mainPolicy(subscriber: string): string {
  return `version: 1
home-region: us-east-1
mode: enforce
protected:
  - arn:aws:iam::*:role/BreakGlass*
  - arn:aws:iam::*:user/${PROTECTED_PREFIX}*
breaker: { subjects: 1000, window: 15 m }
timing: { settle: ${SETTLE_SECONDS} s, session-margin: 15 s, hold-user: 75 s }
rules:
  - rules
  - rules-of-the-tests
responses:
  - { when: { id: ${RULES.passwordForSomebodyElse} }, mode: observe }
  - { when: { id: ${RULES.trustOpened} }, mode: approve }
  - { when: { id: ${RULES.sensitiveSecretAtNight} }, playbook: revoke-access, for: ${REVOKED_SECONDS} s }
  - { when: { id: ${RULES.userTagged} }, playbook: lock, for: ${LOCK_SECONDS} s }
  - { when: { id: ${RULES.orderSecretRead} }, playbook: revoke-access, for: ${REVOKED_SECONDS} s }
  - { when: { id: ${RULES.copiedSecretRead} }, playbook: revoke-access, for: 30 m }
  - { when: { path: rules-of-the-tests }, playbook: revoke-sessions }
approval: { timeout: 10 m }
sensitive: ["arn:aws:secretsmanager:*:*:secret:${SENSITIVE_PREFIX}*", { tag: ${SENSITIVE_TAG.Key}=${SENSITIVE_TAG.Value} }]
schedules: { business-hours: { zone: Europe/Zurich, days: [mon, tue, wed, thu, fri], hours: "08:00-18:00" } }
change-windows: [{ name: release 42, ticket: CHG-1234, from: 2026-11-20T03:00:00+01:00, to: 2026-11-20T04:00:00+01:00 }]
tickets: { level: high }
record: { services: [secretsmanager], actions: ["ssm:GetParameter*", "iam:CreateUser"] }
${alerts(subscriber)}`;
}

/** One subject in the window, and the breaker opens. */
export function narrowPolicy(subscriber: string): string {
  return `version: 1
home-region: us-east-1
mode: enforce
protected:
  - arn:aws:iam::*:role/BreakGlass*
breaker: { subjects: 1, window: 15 m }
timing: { settle: ${SETTLE_SECONDS} s }
rules:
  - rules
${alerts(subscriber)}`;
}

function alerts(subscriber: string): string {
  return `alerts:
  zone: UTC
  page:
    - { protocol: http, endpoint: "${subscriber}" }
  information:
    - { protocol: http, endpoint: "${subscriber}" }
`;
}
