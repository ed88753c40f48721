import { describe, expect, it } from 'vitest';
import { findAdministratorBeside } from '../../../shared/cases/administrator-beside.ts';
import type { Case } from '../../../shared/cases/case.ts';
import { newCase } from '../../support/case-scene.ts';
import { ADMINISTRATOR_ARN, createFakeIam } from '../../support/fake-iam.ts';
import { userSubject } from '../containment/scene.ts';

const EARLIER = '2026-11-21T02:00:00.000Z';
const LATER = '2026-11-21T02:00:00.500Z';

/** Mallory and alice are the administrators; IAM shows no deny yet, on either of them. */
function scene() {
  const fake = createFakeIam();
  const admin = (id: string) => ({
    attached: new Set([ADMINISTRATOR_ARN]),
    accessKeys: new Map([[id, 'Active' as const]]),
  });
  const mallory = userSubject(fake.createUser('mallory', admin('AKIAMALLORY')));
  const alice = userSubject(fake.createUser('alice', admin('AKIAALICE')));
  const open = new Map<string, Case>();
  let approved: boolean | undefined;
  const passed: Record<string, string> = {};
  const store = {
    breaker: async () => ({ passed, revision: 1 }),
    // A case is called by its subject here.
    claim: async (key: string) => (open.has(key) ? key : undefined),
    read: async (caseId: string) => open.get(caseId),
    approval: async () => ({
      planVersion: 1,
      planHash: 'h',
      taskToken: 't',
      askedAt: EARLIER,
      ...(approved === undefined
        ? {}
        : { answer: { approved, by: 'arn:aws:iam::111122223333:user/oncall', at: LATER } }),
    }),
  };
  return {
    mallory,
    alice,
    passed,
    case: (subject: typeof alice, of: Partial<Case>) => open.set(subject.key, newCase({ subject, ...of })),
    answer: (value: boolean) => {
      approved = value;
    },
    beside: async (subject: typeof alice) => (await findAdministratorBeside({ store, iam: fake.iam }, subject)).kind,
  };
}

describe('whoever is losing access by another case does not count as an administrator who remains', () => {
  const partial = { kind: 'partial', missing: [], residual: [], unavailable: [] } as const;
  const refused = { kind: 'refused', reason: 'breaker', detail: 'more than 5' } as const;

  it.each<[string, Partial<Case>, string, string]>([
    ['being contained, and was let through first', { state: 'containing' }, EARLIER, 'none'],
    ['being contained, and was let through after this one', { state: 'containing' }, LATER, 'remains'],
    ['contained, whoever was first', { state: 'contained' }, LATER, 'none'],
    ['contained in part, which may be the deny', { state: 'needs-human', outcome: partial }, LATER, 'none'],
    ['not contained, for it was refused', { state: 'needs-human', outcome: refused }, EARLIER, 'remains'],
    ['only planned', { state: 'open', outcome: { kind: 'planned' } }, EARLIER, 'remains'],
    ['given back just now', { state: 'releasing' }, EARLIER, 'remains'],
  ])('%s', async (_, of, at, kind) => {
    const world = scene();
    world.case(world.alice, of);
    world.passed[world.alice.key] = at;
    world.passed[world.mallory.key] = '2026-11-21T02:00:00.250Z';
    expect(await world.beside(world.mallory)).toBe(kind);
  });

  it.each([
    [undefined, 'remains'],
    [false, 'remains'],
    [true, 'none'],
  ] as const)('waiting for an approval, answered: %s', async (answer, kind) => {
    const world = scene();
    world.case(world.alice, { state: 'awaiting-approval' });
    world.passed[world.alice.key] = EARLIER;
    world.passed[world.mallory.key] = LATER;
    if (answer !== undefined) world.answer(answer);
    expect(await world.beside(world.mallory)).toBe(kind);
  });

  it('let through by the breaker, and its case is over', async () => {
    const world = scene();
    world.passed[world.alice.key] = EARLIER;
    expect(await world.beside(world.mallory)).toBe('remains');
  });
});

it.each([
  [EARLIER, LATER],
  [LATER, EARLIER],
  [EARLIER, EARLIER],
])('of the last two at once one is contained and the other is not: %s, %s', async (first, second) => {
  const world = scene();
  for (const subject of [world.mallory, world.alice]) world.case(subject, { state: 'containing' });
  world.passed[world.mallory.key] = first;
  world.passed[world.alice.key] = second;
  const kinds = [await world.beside(world.mallory), await world.beside(world.alice)];
  expect(kinds.sort()).toEqual(['none', 'remains']);
});
