import { describe, expect, test } from 'vitest';
import type { PlanContext, Step } from '../../../shared/containment/action.ts';
import { rotateSecret, rotationMoved } from '../../../shared/containment/actions/rotate-secret.ts';
import type { SecretState } from '../../../shared/containment/secret.ts';
import type { Read, ResourceSnapshot } from '../../../shared/containment/snapshot.ts';
import type { LedgerEntry } from '../../../shared/ports/ledger.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:finance/db-??????';
const WHERE = { account: '111122223333', region: 'us-east-1', arn: ARN };
const touched = { resources: [{ arn: ARN, wasRead: true as const }], leftOut: 0 };
const context: PlanContext = {
  subject: { kind: 'resource', key: `resource:${ARN}`, ...WHERE },
  quarantinePolicyArn: 'arn:aws:iam::111122223333:policy/Rescind-Quarantine',
  cutOff: '2026-11-21T02:01:00Z',
  touched,
};

const secret = (of: Partial<SecretState> = {}): SecretState => ({
  kind: 'secret',
  arn: ARN.replace('??????', 'AbCdEf'),
  rotates: true,
  managed: false,
  current: 'one',
  previous: null,
  pending: false,
  rotatedAt: '2026-11-01T04:00:00.000Z',
  ...of,
});
const seen = (state: Read<SecretState | undefined>): ResourceSnapshot => ({
  kind: 'resource',
  ...WHERE,
  resources: [{ ...WHERE, state }],
});
const at = (of: Partial<SecretState> = {}): ResourceSnapshot => seen({ kind: 'read', value: secret(of) });
const plan = (snapshot: ResourceSnapshot, begun?: readonly LedgerEntry[]): readonly Step[] =>
  rotateSecret.plan(snapshot, { ...context, ...(begun === undefined ? {} : { begun }) });
const entryOf = ({ key, target, call, prior }: Step): LedgerEntry => ({
  key,
  actionId: 'rotate-secret',
  target,
  call,
  prior,
  order: 0,
  planVersion: 1,
  state: 'done',
  intendedAt: '2026-11-21T02:00:00.000Z',
  reasserted: 0,
});
const tokenOf = (step: Pick<Step, 'call'> | undefined): string => String(step?.call.input.ClientRequestToken);

describe('a plan', () => {
  test('asks for a rotation as it is set up: by id and token, and nothing that would set it up anew', () => {
    for (const { call } of plan(at())) {
      expect(call.operation).toBe('RotateSecret');
      expect(Object.keys(call.input)).toEqual(['SecretId', 'ClientRequestToken']);
      expect(String(call.input.ClientRequestToken)).toMatch(/^[0-9a-f]{32,64}$/);
    }
  });

  test('asks for the same rotation whenever it is made, and for another one of another version', () => {
    expect(plan(at())).toEqual(plan(at()));
    expect(tokenOf(plan(at({ current: 'two' }))[0])).not.toBe(tokenOf(plan(at())[0]));
  });

  test('shows the very second rotation that is made when the first is through, and not before', () => {
    const [first, second, ...more] = plan(at());
    expect([more, second?.title]).toEqual([[], expect.stringContaining('once more')]);
    const ledger = first === undefined ? [] : [entryOf(first)];
    expect(plan(at({ pending: true }), ledger).map(({ key }) => key)).toEqual([first?.key]);
    const rotated = at({ current: tokenOf(first), previous: 'one' });
    expect(plan(rotated, ledger)[1]).toEqual(second);
    expect(plan(at({ current: tokenOf(first), previous: null }), ledger)[1]).toEqual(second);
    // Another one is under way, and until it is through no other begins.
    expect(plan(at({ current: tokenOf(first), previous: 'one', pending: true }), ledger)).toHaveLength(1);
    expect(plan(at({ current: tokenOf(first), previous: 'one', managed: true }), ledger)).toHaveLength(1);
    // Somebody else's rotation came between: what was shown is no longer what would be done.
    expect(plan(at({ current: 'other', previous: 'one' }), ledger).map(({ key }) => key)).toEqual([first?.key]);
  });

  test('has one rotation of a secret that another service rotates, and none of one that nobody does', () => {
    expect(plan(at({ managed: true }))).toHaveLength(1);
    expect(plan(at({ rotates: false }))).toEqual([]);
  });
});

describe('the value that was read', () => {
  const [first, second] = plan(at()).map(entryOf);
  if (first === undefined || second === undefined) throw new Error('two rotations are planned');
  const SINCE = { rotatedAt: '2026-11-21T02:00:00.000Z' };

  test.each([
    ['while its rotation is under way', { pending: true }, 'under way'],
    ['while nothing has replaced it', {}, 'no rotation has replaced it'],
    [
      'after a rotation that left another version behind',
      { current: 'two', previous: null, pending: true },
      'under way',
    ],
    [
      'after one rotation, if its function alternates',
      { ...SINCE, current: tokenOf(first), previous: 'one' },
      'must be once more',
    ],
    [
      'after a rotation that was not ours, if its function alternates',
      { ...SINCE, current: 'two', previous: 'one' },
      'no more than that is known',
    ],
    // What follows looks alike: only Secrets Manager knows whether there was a rotation at all.
    ['after two values that somebody put', { current: 'put-2', previous: 'put-1' }, 'tells of no rotation since'],
    [
      'after two values that somebody put, where it never rotated',
      { current: 'put-2', previous: 'put-1', rotatedAt: null },
      'tells of no rotation since',
    ],
    [
      'after a rotation, once its version bears no label',
      { ...SINCE, current: 'three', previous: 'two' },
      'no more than that is known',
    ],
    [
      'after a value that somebody put into what another service rotates',
      { current: 'put', previous: 'one', managed: true },
      'tells of no rotation since',
    ],
    [
      'after one rotation, although somebody took the label off the version before it',
      { current: tokenOf(first), previous: null },
      'must be once more',
    ],
    [
      'after one rotation and a value that somebody put, which rotates nothing',
      { current: 'put', previous: tokenOf(first) },
      'what came after it is not',
    ],
  ] as const)('is still valid %s', (_when, of, why) => {
    expect([rotateSecret.state(first, at(of)), rotateSecret.explain?.(first, at(of))]).toEqual([
      'unknown',
      expect.stringContaining(why),
    ]);
  });

  test.each([
    ['after one rotation by the service that made it', { ...SINCE, current: 'two', previous: 'one', managed: true }],
    ['after ours by the service that made it', { current: tokenOf(first), previous: 'one', managed: true }],
    ['after the second rotation', { current: tokenOf(second), previous: tokenOf(first) }],
    ['after whatever follows the second', { current: 'put', previous: tokenOf(second) }],
    ['by a service that knows one user, whatever follows', { current: 'x', previous: tokenOf(first), managed: true }],
  ])('is valid no more %s', (_when, of) => {
    expect([rotateSecret.state(first, at(of)), rotateSecret.explain?.(first, at(of))]).toEqual(['holds', undefined]);
  });

  test.each<readonly [string, ResourceSnapshot]>([
    ['cannot be read', seen({ kind: 'failed', operation: 'DescribeSecret', error: 'AccessDeniedException' })],
    ['is not there', seen({ kind: 'read', value: undefined })],
  ])('is never said to be replaced where the secret %s', (_what, live) => {
    expect(rotateSecret.state(first, live)).toBe('unknown');
    expect(rotationMoved([first], live)).toBe(false);
  });

  test('is looked at again for something only when it is replaced, or its second rotation can begin', () => {
    const replaced = at({ current: tokenOf(first), previous: 'one' });
    expect(rotationMoved([first], at({ pending: true }))).toBe(false);
    expect(rotationMoved([first], replaced)).toBe(true);
    expect(rotationMoved([first, second], at({ ...secret(), pending: true }))).toBe(false);
    expect(rotationMoved([first, second], at({ current: tokenOf(second), previous: tokenOf(first) }))).toBe(true);
  });
});
