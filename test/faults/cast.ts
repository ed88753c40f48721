import type { Playbook } from '../../shared/containment/playbooks.ts';
import { rule } from '../support/case-scene.ts';
import { createFakeIdentityCenter } from '../support/fake-identity-center.ts';
import { secretAt } from '../support/fake-resources.ts';
import type { WholeWorldOptions } from '../support/whole-world.ts';
import { byEve } from './cast-people.ts';
import {
  type Appear,
  type Appearance,
  byAlice,
  byBuilder,
  byLogin,
  onBuilder,
  type Stage,
  WITH_MFA,
} from './cast-principals.ts';
import {
  attachedToAlice,
  attachedToBuilder,
  createdKey,
  openedGroup,
  openedTrust,
  stoppedTrail,
  unblockedBucket,
  writtenPolicy,
} from './cast-things.ts';

type Cast = {
  readonly playbook: Playbook;
  /** Whom the rule means: whoever acted unless told. `revert` is about what was changed, whatever the rule means. */
  readonly about?: 'target-role';
  readonly forSeconds?: number;
  /** A person is asked first: in mode enforce unless told. */
  readonly mode?: 'approve';
  readonly attachQuota?: number;
  readonly guarded?: true;
  /** The world has an Identity Center in which Rescind may act; a person approves each time. */
  readonly center?: true;
  /** Where what stood before is in no record, a person has to look: then an undisturbed run comes to this. */
  readonly comesTo?: 'partial';
  readonly appear: Appear;
};

const HOUR = 3_600;

/** Whom a containment is about and by which playbook: what there is to take back differs, and with it the calls. */
const CASTS = {
  user: { playbook: 'contain', appear: byAlice() },
  'user at the quota': { playbook: 'contain', attachQuota: 2, appear: byAlice() },
  'approved user': { playbook: 'contain', mode: 'approve', appear: byAlice() },
  'guarded user': { playbook: 'contain', guarded: true, appear: byAlice() },
  'user with MFA': { playbook: 'require-mfa', appear: byAlice({ holds: WITH_MFA }) },
  'user without MFA': { playbook: 'require-mfa', appear: byAlice() },
  'locked user': { playbook: 'lock', forSeconds: HOUR, appear: byAlice() },
  'user at a table': {
    playbook: 'revoke-access',
    appear: byAlice({ calls: ['dynamodb', 'Scan', { tableName: 'orders' }] }),
  },
  'user at a secret': {
    playbook: 'revoke-access',
    appear: (on, eventId) => {
      // Its service rotates it: one rotation is enough, and is through before the check is.
      secretAt(on.resources, 'finance/db', { managed: true, lasts: 2 });
      return byAlice({ calls: ['secretsmanager', 'GetSecretValue', { secretId: 'finance/db' }] })(on, eventId);
    },
  },
  role: { playbook: 'revoke-sessions', about: 'target-role', appear: onBuilder },
  'contained role': { playbook: 'contain', about: 'target-role', appear: onBuilder },
  'guarded role': { playbook: 'contain', about: 'target-role', guarded: true, appear: onBuilder },
  'role with MFA': { playbook: 'require-mfa', about: 'target-role', appear: onBuilder },
  'locked role': { playbook: 'lock', about: 'target-role', forSeconds: HOUR, appear: onBuilder },
  session: { playbook: 'contain', appear: byBuilder },
  'session of a login': { playbook: 'contain', appear: byLogin },
  'session with MFA': { playbook: 'require-mfa', appear: byBuilder },
  'locked session': { playbook: 'lock', forSeconds: HOUR, appear: byLogin },
  'user of Identity Center': { playbook: 'contain', center: true, appear: byEve({ told: 'id' }) },
  'named user of Identity Center': { playbook: 'contain', center: true, appear: byEve({ told: 'name' }) },
  'sessions of Identity Center': {
    playbook: 'revoke-session',
    center: true,
    appear: byEve({ told: 'id', policy: 'theirs' }),
  },
  'attached policy': { playbook: 'revert', appear: attachedToAlice },
  'created key': { playbook: 'revert', appear: createdKey },
  'written policy': { playbook: 'revert', comesTo: 'partial', appear: writtenPolicy },
  'policy of a role': { playbook: 'revert', appear: attachedToBuilder },
  'opened trust': { playbook: 'revert', comesTo: 'partial', appear: openedTrust },
  'stopped trail': { playbook: 'revert', appear: stoppedTrail },
  'opened security group': { playbook: 'revert', appear: openedGroup },
  'unblocked bucket': { playbook: 'revert', comesTo: 'partial', appear: unblockedBucket },
} as const satisfies Readonly<Record<string, Cast>>;

export type Kind = keyof typeof CASTS;

const castOfKind = (kind: Kind): Cast => CASTS[kind];

export const KINDS = Object.keys(CASTS).filter((name): name is Kind => name in CASTS);

/** What an undisturbed run comes to. */
export function undisturbed(kind: Kind): 'contained' | 'partial' {
  return castOfKind(kind).comesTo ?? 'contained';
}

/** It ends by itself after a while. */
export function endsByItself(kind: Kind): boolean {
  return castOfKind(kind).forSeconds !== undefined;
}

/** The world that a kind needs. */
export function worldOptionsOf(
  kind: Kind,
): Pick<WholeWorldOptions, 'rules' | 'answers' | 'attachQuota' | 'guarded' | 'center'> {
  const cast = castOfKind(kind);
  const { playbook, about = 'actor', mode = 'enforce', forSeconds, attachQuota, guarded = false } = cast;
  return {
    rules: [rule({ subject: about })],
    answers: { 'rule-a': { playbook, mode, ...(forSeconds === undefined ? {} : { forSeconds }) } },
    ...(attachQuota === undefined ? {} : { attachQuota }),
    guarded,
    ...(cast.center === true ? { center: createFakeIdentityCenter } : {}),
  };
}

/** Puts somebody or something of this kind into the world. */
export function castOf(kind: Kind, on: Stage, eventId = 'event-1'): Appearance {
  return castOfKind(kind).appear(on, eventId);
}
