import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { personOf } from '../../../shared/cases/person-subject.ts';
import type { PersonSubject } from '../../../shared/cases/subject.ts';
import type { Step } from '../../../shared/containment/action.ts';
import { ACTIONS } from '../../../shared/containment/registry.ts';
import type { LiveState, PresentSnapshot } from '../../../shared/containment/snapshot.ts';
import { ADMIN_SET, BOB, CENTER, EVE } from '../../support/fake-identity-center.ts';

const [eve, bob] = [EVE, BOB].map(person);
const DENY = ACTIONS['deny-permission-sets'];
const END = ACTIONS['end-person-sessions'];

function person(userId: string): PersonSubject {
  const made = personOf({ userId, account: '111122223333', label: userId }, CENTER);
  if (made === undefined) throw new Error(`${userId} is no id`);
  return made;
}

function live(inline: string | null, behind: readonly string[] = []) {
  const on = { account: '111122223333', region: 'eu-central-1', arn: ADMIN_SET };
  return {
    kind: 'resource',
    ...on,
    resources: [{ ...on, state: { kind: 'read', value: { kind: 'permission-set', inline, behind } } }],
  } satisfies LiveState;
}

function stepOf(inline: string | null, subject: PersonSubject | undefined, action = DENY): Step {
  if (subject === undefined) throw new Error('nobody');
  const set = { arn: ADMIN_SET, name: 'Admin', hasInline: inline !== null };
  const snapshot: PresentSnapshot = {
    ...live(inline),
    reach: {
      userId: subject.userId,
      userName: 'somebody',
      sets: [set],
      assignments: [],
      memberships: [],
      more: false,
      instance: CENTER,
      inScope: [set],
      spared: [],
      left: [],
    },
  };
  const [step] = action.plan(snapshot, { subject, quarantinePolicyArn: '', cutOff: '2026-11-21T02:01:00Z' });
  if (step === undefined) throw new Error('nothing is planned');
  return step;
}

/** What stands in the set after a call. */
function madeOf(call: Step['call']): string | null {
  const { InlinePolicy } = call.input;
  return typeof InlinePolicy === 'string' ? InlinePolicy : null;
}

function undone(step: Step, inline: string | null, action = DENY): string | null {
  const how = action.undo(step, live(inline));
  if (how.kind !== 'call') throw new Error(`${how.kind} is no call`);
  return madeOf(how.call);
}

const space = fc.constantFrom('', ' ', '\n', '\n    ', '\t');
const statement = fc
  .record({
    Sid: fc.string({ maxLength: 12 }),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('s3:*', '*', 'ec2:Describe*'),
    Resource: fc.constantFrom('*', 'arn:aws:s3:::reports/*', ']}"{['),
  })
  .map((one) => JSON.stringify(one));
/** Policies as people write them: one statement or a list, spaced anyhow. */
const policy = fc
  .tuple(space, space, fc.array(statement, { minLength: 1, maxLength: 4 }), fc.boolean(), fc.boolean())
  .map(([a, b, all, single, first]) => {
    const list = single ? all[0] : `[${a}${all.join(`${b},${a}`)}${b}]`;
    const version = '"Version":"2012-10-17"';
    const body = `"Statement"${a}:${b}${list}`;
    return `${b}{${a}${first ? `${version},${b}${body}` : `${body}${a},${version}`}${b}}${a}`;
  });

describe('the inline policy of a permission set', () => {
  test('gets one statement that denies one user, and is given back byte for byte', () => {
    fc.assert(
      fc.property(fc.option(policy), (before) => {
        for (const action of [DENY, END]) {
          const step = stepOf(before, eve, action);
          const made = madeOf(step.call);
          const [theirs, ours] = [before, made].map((text) => statementsIn(text));
          expect(ours?.slice(0, -1)).toEqual(theirs);
          expect(ours?.at(-1)).toMatchObject({
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: { StringEquals: { 'identitystore:userId': EVE } },
          });
          expect(undone(step, made, action)).toBe(before);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('that two cases changed is what it was once both have given back, in whatever order', () => {
    fc.assert(
      fc.property(fc.option(policy), fc.boolean(), (before, eveFirst) => {
        const ofEve = stepOf(before, eve);
        const ofBob = stepOf(madeOf(ofEve.call), bob);
        const [one, other] = eveFirst ? [ofEve, ofBob] : [ofBob, ofEve];
        const between = undone(one, madeOf(ofBob.call));
        expect(other && DENY.state(other, live(between))).toBe('holds');
        // A single statement comes back as a list of one where it was taken apart in between.
        expect(statementsIn(undone(other, between))).toEqual(statementsIn(before));
      }),
      { numRuns: 200 },
    );
  });

  test('stands only where every account has it', () => {
    const step = stepOf(null, eve);
    const made = madeOf(step.call);
    expect(DENY.state(step, live(made))).toBe('holds');
    expect(DENY.state(step, live(made, ['444455556666']))).toBe('unknown');
    expect(DENY.state(step, live(null))).toBe('undone');
  });

  test('that is out of the set, but not of every account, is brought out once more', () => {
    const step = stepOf(null, eve);
    expect(DENY.undo(step, live(null, ['444455556666']))).toMatchObject({
      call: { operation: 'DeleteInlinePolicyFromPermissionSet' },
    });
    expect(DENY.undo(step, live('{"Statement":[]}', ['444455556666']))).toMatchObject({
      call: { operation: 'PutInlinePolicyToPermissionSet', input: { InlinePolicy: '{"Statement":[]}' } },
    });
    expect(DENY.undo(step, live(null))).toEqual({ kind: 'already' });
  });
});

function statementsIn(text: string | null | undefined): readonly unknown[] {
  if (text === null || text === undefined) return [];
  const document: unknown = JSON.parse(text);
  const all = typeof document === 'object' && document !== null && 'Statement' in document ? document.Statement : [];
  return Array.isArray(all) ? all : [all];
}
