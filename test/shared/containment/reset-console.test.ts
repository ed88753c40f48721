import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { createLoginProfiles } from '../../../shared/aws/login-profiles.ts';
import type { ActionId } from '../../../shared/containment/action.ts';
import { contain } from '../../../shared/containment/contain.ts';
import { planContainment, thingsOf } from '../../../shared/containment/plan-containment.ts';
import { readSubject } from '../../../shared/containment/read-subject.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { withhold } from '../../../shared/containment/withhold.ts';
import { type FakeIam, QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { IamFault } from '../../support/iam-account.ts';
import { createScene, ran, roleSubject, USER_ACTIONS, userSubject } from './scene.ts';

const ACTIONS: readonly ActionId[] = [...USER_ACTIONS, 'reset-console'];
const OLD = { UserName: 'alice', Password: 'known-to-the-thief', PasswordResetRequired: 'false' };
const SETTLE = { settleSeconds: 30, progress: FIRST_VERIFY };

/** What happens to a call on the wire; `undefined`: it goes through. */
type Wire = (operation: string, body: URLSearchParams) => 'answer-lost' | IamFault | undefined;

/** The SDK's own client, with the fake account behind its wire; keeps every password that was sent. */
function loginProfiles(fake: FakeIam, clock: Parameters<typeof createLoginProfiles>[1]['clock'], wire: Wire) {
  const passwords: string[] = [];
  const client = new IAMClient({
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: {
      async handle(request: { readonly body?: unknown }) {
        const body = new URLSearchParams(String(request.body));
        const operation = body.get('Action') ?? '';
        passwords.push(...body.getAll('Password'));
        const met = wire(operation, body);
        try {
          if (met instanceof IamFault) throw met;
          const found = fake.perform(operation, Object.fromEntries(body));
          if (met === 'answer-lost') throw new IamFault('ServiceFailure', 'no answer');
          return xml(200, answerOf(operation, found));
        } catch (error) {
          if (!(error instanceof IamFault)) throw error;
          const told = `<Error><Code>${error.name}</Code><Message>${error.message}</Message></Error>`;
          return xml(error.name === 'NoSuchEntity' ? 404 : 400, `<ErrorResponse>${told}</ErrorResponse>`);
        }
      },
    },
  });
  return { resources: createLoginProfiles(client, { clock, random: () => 0.5 }), passwords };
}

function answerOf(operation: string, found: unknown): string {
  const required = typeof found === 'object' && found !== null && 'resetRequired' in found && found.resetRequired;
  const profile = `<LoginProfile><UserName>alice</UserName><PasswordResetRequired>${required}</PasswordResetRequired></LoginProfile>`;
  return `<${operation}Response><${operation}Result>${operation.startsWith('Get') ? profile : ''}</${operation}Result></${operation}Response>`;
}

function xml(statusCode: number, body: string) {
  return { response: { statusCode, headers: { 'content-type': 'text/xml' }, body: new TextEncoder().encode(body) } };
}

function world({ password = OLD as typeof OLD | null, wire = (() => undefined) as Wire } = {}) {
  const { fake, ledger, clock } = createScene();
  const user = fake.createUser('alice', { accessKeys: new Map([['AKIAONE', 'Active']]) });
  if (password !== null) fake.perform('CreateLoginProfile', password);
  const subject = userSubject(user);
  const { resources, passwords } = loginProfiles(fake, clock, wire);
  const request = { subject, actions: ACTIONS, quarantinePolicyArn: QUARANTINE_ARN, sessionMarginSeconds: 60 };
  const mayWrite = async () => ({ ok: true as const });
  return {
    fake,
    ledger,
    subject,
    passwords,
    contain: async (part: 'caller' | 'contain', pass: 'first' | 'reassert' = 'first') =>
      ran(
        await contain(
          { iam: fake.iam, resources, ledger: ledger.takeLease(), clock, mayWrite },
          { ...request, part, pass },
        ),
      ),
    verify: () =>
      verify(
        { iam: fake.iam, resources, ledger: ledger.takeLease(), clock },
        { subject, actions: ['quarantine', 'reset-console'], ...SETTLE },
      ),
    release: (all: boolean) => {
      const withheld = withhold(ledger.entries(), [], all);
      return restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld });
    },
    plan: async (actions: readonly ActionId[] = ACTIONS) => {
      const snapshot = await readSubject(
        { iam: fake.iam, resources },
        subject,
        [],
        thingsOf(actions, undefined, subject),
      );
      const plan = planContainment({ ...request, actions, snapshot, cutOff: '2026-11-21T02:00:00Z' });
      if (plan.kind !== 'plan') throw new Error(`No plan: ${JSON.stringify(plan)}`);
      return plan;
    },
    profile: () => fake.perform('GetLoginProfile', { UserName: 'alice' }),
    entry: () => ledger.entries().find(({ actionId }) => actionId === 'reset-console'),
    resetBy: (state: boolean) => fake.perform('UpdateLoginProfile', { ...OLD, PasswordResetRequired: String(state) }),
  };
}

describe('a console reset', () => {
  test('by the caller comes after the deny and the credentials, and is seen to stand by a fresh read', async () => {
    const { contain, verify, profile, passwords, entry } = world();
    const { steps } = await contain('caller');
    expect(steps.map(({ actionId, result }) => [actionId, result])).toEqual([
      ['quarantine', 'done'],
      ['deactivate-keys', 'done'],
      ['reset-console', 'done'],
    ]);
    expect(profile()).toEqual({ password: passwords[0], resetRequired: true });
    expect(entry()).toMatchObject({ state: 'done', prior: { resetRequired: false } });
    expect(await verify()).toMatchObject({
      steps: expect.arrayContaining([expect.objectContaining({ target: 'console password', state: 'holds' })]),
    });
  });

  test('is nothing that the function contain does, whatever a case asks of it', async () => {
    const { contain, profile, passwords, entry } = world();
    await contain('contain');
    expect([profile(), passwords, entry()]).toEqual([{ password: OLD.Password, resetRequired: false }, [], undefined]);
  });

  test('sets a password of at least 40 characters of every class, another one each time', async () => {
    const made: string[] = [];
    for (const _ of [1, 2]) {
      const { contain, passwords } = world();
      await contain('caller');
      made.push(...passwords);
    }
    expect(new Set(made).size).toBe(2);
    for (const password of made) {
      expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!@#$%^&*()_+=[\]{}|'-])[!-~]{40,128}$/);
    }
  });

  test('leaves no part of the password in ledger, report or verdict, also where IAM repeats it in what it refuses', async () => {
    const refuse: Wire = (operation, body) =>
      operation === 'UpdateLoginProfile'
        ? new IamFault('ValidationError', `Value ${body.get('Password')} is refused`)
        : undefined;
    for (const it of [world(), world({ wire: refuse })]) {
      const report = await it.contain('caller');
      const told = JSON.stringify([report, it.ledger.entries(), await it.verify(), await it.plan()]);
      expect(it.passwords.length).toBeGreaterThan(0);
      for (const password of it.passwords) {
        const parts = Array.from({ length: password.length - 7 }, (_, at) => password.slice(at, at + 8));
        expect(parts.filter((part) => told.includes(part))).toEqual([]);
      }
    }
  });

  test('that IAM refuses is told, and the deny stands', async () => {
    const { contain, verify, profile } = world({
      wire: (operation) => (operation === 'UpdateLoginProfile' ? new IamFault('AccessDenied', 'no') : undefined),
    });
    const { steps } = await contain('caller');
    expect(steps.map(({ actionId, result }) => [actionId, result])).toContainEqual(['reset-console', 'failed']);
    expect(profile()).toMatchObject({ password: OLD.Password });
    expect(await verify()).toMatchObject({
      steps: expect.arrayContaining([
        expect.objectContaining({ target: 'console password', state: 'undone', detail: 'AccessDenied: no' }),
      ]),
    });
  });

  test.each([
    ['had to be changed before', 'true'],
    ['had not', 'false'],
  ])(
    'that did not go through is made again where the password %s, for what is read may be somebody’s own; one that did is not',
    async (_, before) => {
      let lost = true;
      const { contain, profile, passwords, entry } = world({
        password: { ...OLD, PasswordResetRequired: before },
        wire: (operation) => {
          if (operation !== 'UpdateLoginProfile' || !lost) return undefined;
          lost = false;
          return new IamFault('AccessDenied', 'never arrived');
        },
      });
      await contain('caller');
      expect([profile(), entry()?.state]).toMatchObject([{ password: OLD.Password }, 'failed']);
      await contain('caller', 'reassert');
      expect([profile(), entry()?.state]).toEqual([{ password: passwords.at(-1), resetRequired: true }, 'done']);
      const sent = passwords.length;
      await contain('caller');
      expect(passwords).toHaveLength(sent);
    },
  );

  test('that somebody undid is seen, and made again', async () => {
    const { contain, verify, profile, passwords, resetBy } = world();
    await contain('caller');
    resetBy(false);
    expect(await verify()).toMatchObject({ next: { kind: 'reassert' } });
    await contain('caller', 'reassert');
    expect(profile()).toEqual({ password: passwords.at(-1), resetRequired: true });
  });

  test.each([true, false])(
    'is not given back by a release (--all: %s), which says how to set a password',
    async (all) => {
      const { contain, release, profile, passwords } = world();
      await contain('caller');
      const report = await release(all);
      expect(report).toMatchObject({
        kind: 'ran',
        withheld: [
          {
            target: 'console password',
            reason: expect.stringContaining('aws iam update-login-profile --user-name alice --password NEW-PASSWORD'),
          },
        ],
      });
      expect(profile()).toEqual({ password: passwords[0], resetRequired: true });
    },
  );
});

describe('a plan with a console reset', () => {
  test('has it for a user with a password, and the outcome no longer asks a person for it', async () => {
    const asks = (residual: readonly { readonly what: string }[]) =>
      residual.some(({ what }) => what.startsWith('a console password'));
    const { plan } = world();
    const [withReset, without] = [await plan(), await plan(USER_ACTIONS)];
    expect(withReset.steps.map(({ actionId }) => actionId)).toContain('reset-console');
    expect(without.steps.map(({ actionId }) => actionId)).not.toContain('reset-console');
    expect([asks(withReset.residual), asks(without.residual)]).toEqual([false, true]);
  });

  test('has none where there is no password', async () => {
    const { plan, contain, passwords } = world({ password: null });
    expect((await plan()).steps.map(({ actionId }) => actionId)).not.toContain('reset-console');
    await contain('caller');
    expect(passwords).toEqual([]);
  });

  test.each([
    [
      new IamFault('InvalidAction', 'not here'),
      { unavailable: [{ operation: 'GetLoginProfile', reason: 'not here' }] },
    ],
    [new IamFault('AccessDenied', 'no'), { shortfalls: [{ item: 'console password' }] }],
  ])('says that it could not be read: %s', async (fault, told) => {
    const { plan } = world({ wire: (operation) => (operation === 'GetLoginProfile' ? fault : undefined) });
    const found = await plan();
    expect(found.steps.map(({ actionId }) => actionId)).not.toContain('reset-console');
    expect(found).toMatchObject(told);
  });

  test('reads nothing of it for a role, nor where nobody asked', () => {
    const { subject, fake } = world();
    const role = roleSubject(fake.createRole('builder'));
    expect(thingsOf(ACTIONS, undefined, role)).toEqual([]);
    expect(thingsOf(USER_ACTIONS, undefined, subject)).toEqual([]);
    expect(thingsOf(ACTIONS, undefined, subject)).toHaveLength(1);
  });
});
