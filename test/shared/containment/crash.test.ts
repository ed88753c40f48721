import { describe, expect, test } from 'vitest';
import { NO_LINEAGE } from '../../../shared/access/session-lineage.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { ADMINISTRATOR_ARN, type Around, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, roleSubject, sessionSubject, userSubject } from './scene.ts';

class Crash extends Error {
  override readonly name = 'Crash';
}

/** Ends the process at one call, before it has any effect or after it had all of it. */
function crashing() {
  let left = Number.POSITIVE_INFINITY;
  let when: 'before' | 'after' = 'before';
  const around: Around = async (call) => {
    left -= 1;
    const chosen = left === 0;
    if (chosen && when === 'before') throw new Crash();
    const answer = await call();
    if (chosen) throw new Crash();
    return answer;
  };
  return {
    around,
    at(call: number, then: 'before' | 'after'): void {
      left = call;
      when = then;
    },
    never(): void {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

type Kind = 'user' | 'user at the quota' | 'role' | 'session of a login';

const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/ci.example.com';
/** Two logins of one provider, whose role stands in a circle. */
const lineageOf = ({ roleId }: { readonly roleId: string }) => ({
  ...NO_LINEAGE,
  cycle: [roleId],
  logins: ['repo:example/shop', 'repo:example/site'].map((sub) => ({
    provider: PROVIDER,
    sub,
    claims: { 'ci.example.com:sub': sub },
  })),
});

function prepare(kind: Kind, around?: Around) {
  const { contain, fake, ledger } = createScene({
    attachQuota: kind === 'user at the quota' ? 2 : 10,
    ...(around === undefined ? {} : { around }),
  });
  const subject =
    kind === 'role'
      ? roleSubject(fake.createRole('builder', { inline: new Map([['own', '{}']]) }))
      : userSubject(
          fake.createUser('alice', {
            attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
            accessKeys: new Map([
              ['AKIAONE', 'Active'],
              ['AKIATWO', 'Active'],
            ]),
            serviceCredentials: new Map([['ACCACODE', 'Active']]),
            certificates: new Map([['CERT1', 'Active']]),
          }),
        );
  const builder = fake.createRole('deployer', {
    trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"${PROVIDER}"},"Action":"sts:AssumeRoleWithWebIdentity"}}`,
  });
  const login = sessionSubject(builder, 'GitHubActions');
  const baseline = fake.state();
  const containAll = async (): Promise<void> => {
    if (kind === 'session of a login') {
      await contain({
        subject: login,
        actions: ['revoke-session', 'deny-login', 'deny-chaining'],
        lineage: lineageOf(builder),
      });
      return;
    }
    if (kind === 'role') {
      await contain({ subject, actions: ['revoke-sessions'] });
      return;
    }
    await contain({ subject });
    await contain({ subject, pass: 'detach' });
  };
  const release = () =>
    restore(
      { iam: fake.iam, ledger: ledger.takeLease() },
      { subject: kind === 'session of a login' ? login : subject, withheld: [] },
    );
  const rows = () =>
    ledger.entries().map(({ key, state, call, prior, reasserted }) => ({ key, state, call, prior, reasserted }));
  return { fake, baseline, containAll, release, rows };
}

async function crashed(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

describe.each<Kind>(['user', 'user at the quota', 'role', 'session of a login'])(
  'a crash at every call: %s',
  (kind) => {
    test.each(['before', 'after'] as const)('contain converges when it ends %s the call', async (when) => {
      const straight = prepare(kind);
      await straight.containAll();
      let points = 0;
      for (let call = 1; ; call += 1) {
        const crash = crashing();
        const scene = prepare(kind, crash.around);
        crash.at(call, when);
        if (!(await crashed(scene.containAll))) break;
        points += 1;
        crash.never();
        await scene.containAll();
        expect(scene.fake.state()).toEqual(straight.fake.state());
        expect(scene.rows()).toEqual(straight.rows());
        await scene.release();
        expect(scene.fake.state()).toEqual(scene.baseline);
      }
      expect(points).toBeGreaterThan(kind.startsWith('user') ? 20 : 5);
    });

    test.each(['before', 'after'] as const)('restore converges when it ends %s the call', async (when) => {
      let points = 0;
      for (let call = 1; ; call += 1) {
        const crash = crashing();
        const scene = prepare(kind, crash.around);
        await scene.containAll();
        crash.at(call, when);
        if (!(await crashed(scene.release))) break;
        points += 1;
        crash.never();
        expect(await scene.release()).toMatchObject({ kind: 'ran', conflicts: [], failed: [] });
        expect(scene.fake.state()).toEqual(scene.baseline);
        expect(new Set(scene.rows().map(({ state }) => state))).toEqual(new Set(['undone']));
      }
      expect(points).toBeGreaterThan(kind.startsWith('user') ? 15 : 5);
    });

    test.each(['before', 'after'] as const)(
      'a new containment wins over a restore that ended %s a call',
      async (when) => {
        const straight = prepare(kind);
        await straight.containAll();
        for (let call = 1; ; call += 1) {
          const crash = crashing();
          const scene = prepare(kind, crash.around);
          await scene.containAll();
          crash.at(call, when);
          if (!(await crashed(scene.release))) break;
          crash.never();
          await scene.containAll();
          expect(scene.fake.state()).toEqual(straight.fake.state());
          await scene.release();
          expect(scene.fake.state()).toEqual(scene.baseline);
        }
      },
    );
  },
);
