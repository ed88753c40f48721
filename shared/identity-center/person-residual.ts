import { commandWord } from '../cases/beyond/command-word.ts';
import type { Residual } from '../cases/outcome.ts';
import { storable } from '../cases/storable.ts';
import type { PersonScope } from './reach.ts';
import { heldBy, thereIsMore } from './reach-steps.ts';

/** What denies in permission sets do not end, with what a human does about it, the real ids filled in. */
export function personResidual(scope: PersonScope): readonly Residual[] {
  const { userId, userName, left, spared, instance } = scope;
  const held = heldBy(instance, scope);
  const told: readonly Residual[] = [
    {
      // https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html
      what: 'sessions of roles that Identity Center opened live up to 12 hours, denied by the permission sets alone; those in its portal and its applications go on',
      humanStep: `No public call of AWS ends them. In IAM Identity Center / Users / ${userName} (${userId}): "Disable user access", then delete everything under "Active sessions".`,
    },
    {
      what: 'the identity source still lets them sign in, and may bring back what is removed here',
      humanStep: `Disable ${userName} at the identity source as well.`,
    },
    ...held.listed.map(({ what, remove, giveBack }) => ({ what: `${what} stays`, humanStep: `${remove} ${giveBack}` })),
    ...(held.more ? [{ what: 'more assignments and memberships stay', humanStep: thereIsMore(instance, scope) }] : []),
    ...spared.map(({ name, arn }) => ({
      what: `permission set ${name} is not denied: rescind.yaml protects the role that it becomes`,
      humanStep: `Decide whether they may keep it; if not, take their assignment away, or deny them the set by hand: ${arn}`,
    })),
    ...left.map(({ name, arn }) => ({
      what: `permission set ${name} is not denied: Rescind is to act in no account in which they have it`,
      humanStep: `Name such an account under accounts in rescind.yaml, or deny them the set by hand: ${arn}`,
    })),
    {
      what: 'what their sessions opened before lives on: roles that they assumed, database sessions, compute, grants',
      humanStep: `Look at what they did, and contain what came of it: npx rescind what ${commandWord(`idc:${userId}`, 'PERSON')}`,
    },
  ];
  return told.map(({ what, humanStep }) => ({
    what: storable(what, LONGEST),
    humanStep: storable(humanStep, LONGEST),
  }));
}

const LONGEST = 2_048;
