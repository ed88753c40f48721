import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAfterRelease, releaseKeysOf, type SeenRelease, weighed } from '../../../shared/cases/last-release.ts';
import { detection, mallory } from '../../support/case-scene.ts';

const RELEASED = { caseId: 'C-1', at: '2026-11-21T02:00:00.000Z' };
const seen = (last: SeenRelease['last'] = RELEASED, subjectKey: string = mallory.key) => ({ subjectKey, last });
const at = (eventTime: string, of = {}) => detection({ eventTime, mode: 'enforce', ...of });

describe('a detection of something that happened', () => {
  it.each([
    ['an hour before the release', '2026-11-21T01:00:00Z', {}, 'approve'],
    ['longer before it than clocks differ', '2026-11-21T01:49:59Z', {}, 'approve'],
    ['so shortly before it that a clock may be wrong', '2026-11-21T01:50:00Z', {}, 'enforce'],
    ['in the second before it', '2026-11-21T01:59:59Z', {}, 'enforce'],
    ['shortly before it, and took nothing', '2026-11-21T01:50:00Z', { failed: true }, 'approve'],
    ['in the second before it, and took nothing', '2026-11-21T01:59:59Z', { failed: true }, 'approve'],
    ['at that instant, and took nothing', '2026-11-21T02:00:00Z', { failed: true }, 'enforce'],
    ['after it, and took nothing', '2026-11-21T02:00:01Z', { failed: true }, 'enforce'],
    ['after it', '2026-11-21T02:00:01Z', {}, 'enforce'],
    ['in the future', '2099-01-01T00:00:00Z', {}, 'enforce'],
  ] as const)('%s acts in mode %4$s', (_, eventTime, of, mode) => {
    const late = weighed(at(eventTime, of), [seen()]);
    expect(late.mode).toBe(mode);
    expect(late.releasedSince).toEqual(mode === 'approve' ? RELEASED : undefined);
  });

  it('is judged by when the last of all that it rests on happened', () => {
    const old = at('2026-11-21T01:00:00Z', { failed: true });
    expect(weighed(old, [seen()], '2026-11-21T02:10:00.000Z').mode).toBe('enforce');
    expect(weighed(old, [seen()], '2026-11-21T01:55:00.000Z').mode).toBe('enforce');
    expect(weighed(old, [seen()], '2026-11-21T01:30:00.000Z').mode).toBe('approve');
    expect(weighed(at('2026-11-21T02:10:00Z'), [seen()], '2026-11-21T01:00:00.000Z').mode).toBe('enforce');
  });

  it('acts where nobody ever released the subject', () => {
    const old = at('2020-01-01T00:00:00Z');
    expect(weighed(old, [{ subjectKey: mallory.key, last: undefined }])).toBe(old);
    expect(weighed(old, [])).toBe(old);
  });

  it('is told with the newest of the releases that it is older than', () => {
    const role = { caseId: 'C-2', at: '2026-11-21T03:00:00.000Z' };
    expect(weighed(at('2026-11-21T01:00:00Z'), [seen(), seen(role)]).releasedSince).toEqual(role);
    expect(weighed(at('2026-11-21T01:00:00Z'), [seen(role), seen()]).releasedSince).toEqual(role);
    expect(weighed(at('2026-11-21T02:30:00Z'), [seen(role), seen()]).releasedSince).toEqual(role);
  });

  it.each(['observe', 'approve'] as const)('keeps its mode %s, and is told as late', (mode) => {
    expect(weighed(at('2026-11-21T01:00:00Z', { mode }), [seen()])).toMatchObject({ mode, releasedSince: RELEASED });
  });

  it('is never lowered by a release that came before it, and never raised by any', () => {
    const instant = fc.integer({ min: 1_700_000_000, max: 1_800_000_000 }).map((s) => new Date(s * 1000).toISOString());
    fc.assert(
      fc.property(
        instant,
        fc.array(instant, { maxLength: 2 }),
        fc.constantFrom('observe', 'approve', 'enforce'),
        fc.boolean(),
        (eventTime, released, mode, failed) => {
          const before = at(eventTime, { mode, ...(failed ? { failed: true } : {}) });
          const releases = released.map((one) => seen({ caseId: 'C-1', at: one }));
          const after = weighed(before, releases);
          if (released.every((one) => one <= eventTime)) expect(after).toEqual(before);
          if (mode !== 'enforce') expect(after.mode).toBe(mode);
          else expect(after.mode).toBe(after.releasedSince === undefined ? 'enforce' : 'approve');
          expect(weighed(after, releases)).toEqual(after);
        },
      ),
    );
  });
});

describe('a subject is let go', () => {
  const role = { roleId: 'AROABUILD', roleName: 'build', account: '111122223333', arn: 'arn:aws:iam::1:role/build' };

  it('by a release of itself', () => {
    expect(releaseKeysOf(mallory)).toEqual(['user:AIDAMALLORY']);
  });

  it('as a session with its role, and as a role by no release of one of its sessions', () => {
    const session = { ...role, kind: 'session', key: 'session:AROABUILD:one', sessionName: 'one' } as const;
    expect(releaseKeysOf(session)).toEqual(['session:AROABUILD:one', 'role:AROABUILD']);
    expect(releaseKeysOf({ ...role, kind: 'role', key: 'role:AROABUILD' })).toEqual(['role:AROABUILD']);
  });
});

describe('what is known to have happened after the subject was let go', () => {
  it.each([
    ['a second after it', '2026-11-21T02:00:01Z', [seen()], true],
    ['at that instant', '2026-11-21T02:00:00Z', [seen()], false],
    ['a second before it', '2026-11-21T01:59:59Z', [seen()], false],
    [
      'after a release of its role only',
      '2026-11-21T02:00:01Z',
      [{ subjectKey: 'session:A:b', last: undefined }, seen()],
      false,
    ],
    ['when nobody released it', '2026-11-21T02:00:01Z', [], false],
  ] as const)('%s', (_, eventTime, releases, expected) => {
    expect(isAfterRelease({ eventTime }, releases)).toBe(expected);
  });
});
