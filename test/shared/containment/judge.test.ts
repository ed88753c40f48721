import { describe, expect, test } from 'vitest';
import { type JudgeInput, judge } from '../../../shared/containment/judge.ts';
import { FIRST_VERIFY, type VerifyReport } from '../../../shared/containment/verify.ts';

const DENY = { stepKey: 'quarantine#user alice', stage: 'deny', target: 'user alice', state: 'holds' } as const;
const KEY = {
  stepKey: 'deactivate-keys#AKIAONE',
  stage: 'credentials',
  target: 'access key AKIAONE',
  state: 'holds',
} as const;
type Seen = Extract<VerifyReport, { kind: 'seen' }>;

function judged(report: Partial<Seen> = {}, input: Partial<JudgeInput> = {}) {
  return judge({
    actions: ['quarantine', 'deactivate-keys'],
    report: {
      kind: 'seen',
      steps: [DENY, KEY],
      unexpected: [],
      unavailable: [],
      stoodSeconds: 30,
      progress: FIRST_VERIFY,
      next: { kind: 'settled' },
      ...report,
    },
    settleSeconds: 30,
    shortfalls: [],
    residual: [{ what: 'open SSM sessions', humanStep: 'end them' }],
    unavailable: [],
    endpointIsAws: true,
    ...input,
  });
}
const missing = (outcome: ReturnType<typeof judged>) => (outcome.kind === 'partial' ? outcome.missing : undefined);

test('everything stood for the settle time: contained, grade B, with what a deny does not end', () => {
  expect(judged()).toEqual({
    kind: 'contained',
    grade: 'B',
    residual: [{ what: 'open SSM sessions', humanStep: 'end them' }],
    unavailable: [],
  });
});

describe('never contained when', () => {
  test('it has not stood long enough', () => {
    expect(missing(judged({ stoodSeconds: 29.5 }))).toEqual([
      { item: 'settle time', reason: 'seen to stand for 29.5 s of 30 s' },
    ]);
  });
  test('a step was undone', () => {
    expect(missing(judged({ steps: [{ ...DENY, state: 'undone' }, KEY] }))).toEqual([
      { item: 'user alice', reason: 'was undone by somebody' },
    ]);
  });
  test('a step could not be read', () => {
    expect(missing(judged({ steps: [DENY, { ...KEY, state: 'unknown' }] }))).toEqual([
      { item: 'access key AKIAONE', reason: 'could not be read' },
    ]);
  });
  test('a call was refused: the reason is the refusal', () => {
    expect(missing(judged({ steps: [DENY, { ...KEY, state: 'undone', detail: 'AccessDenied: no' }] }))).toEqual([
      { item: 'access key AKIAONE', reason: 'AccessDenied: no' },
    ]);
  });
  test('nothing denies', () => {
    expect(missing(judged({ steps: [KEY] }))).toEqual([{ item: 'deny', reason: 'none was made' }]);
    expect(judged({ steps: [] }, { actions: [] }).kind).toBe('partial');
  });
  test('a credential appeared meanwhile', () => {
    const unexpected = [{ item: 'access key AKIANEW', reason: 'active' }];
    expect(missing(judged({ unexpected }))).toEqual(unexpected);
  });
  test('contain could not read or was not allowed something', () => {
    const shortfalls = [{ item: 'SSH keys', reason: 'ListSSHPublicKeys failed' }];
    expect(missing(judged({}, { shortfalls }))).toEqual(shortfalls);
  });
  test('privileged policies were never looked at', () => {
    const actions = ['quarantine', 'detach-policies'] as const;
    expect(missing(judged({}, { actions }))).toEqual([
      { item: 'privileged policies', reason: 'not detached, for the deny was never verified' },
    ]);
    expect(judged({ progress: { ...FIRST_VERIFY, detached: true } }, { actions }).kind).toBe('contained');
  });
});

describe('a check that is not available', () => {
  const unavailable = [{ operation: 'ListSSHPublicKeys', reason: 'InvalidAction' }];
  test('forces partial on AWS', () => {
    expect(missing(judged({ unavailable }))).toEqual([{ item: 'ListSSHPublicKeys', reason: 'InvalidAction' }]);
  });
  test('is listed, once, where the endpoint is one’s own', () => {
    expect(judged({ unavailable }, { endpointIsAws: false, unavailable })).toMatchObject({
      kind: 'contained',
      unavailable,
    });
  });
});

test('gone stays gone', () => {
  const gone = { kind: 'gone', detail: 'There is no user alice any more.' } as const;
  expect(
    judge({
      actions: [],
      report: gone,
      settleSeconds: 30,
      shortfalls: [],
      residual: [],
      unavailable: [],
      endpointIsAws: true,
    }),
  ).toEqual(gone);
});
