import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../cli/embedded-aws/start-embedded-aws.ts';
import { createIam } from '../../shared/aws/iam.ts';
import { contain } from '../../shared/containment/contain.ts';
import { restore } from '../../shared/containment/restore.ts';
import { createRandom, type Random } from '../bench/traffic/random.ts';
import { roleSubject, USER_ACTIONS, userSubject } from '../shared/containment/scene.ts';
import { createFakeIam } from '../support/fake-iam.ts';
import { addFaultGate, randomScript } from '../support/fault-gate.ts';
import { createIamAccount, type Input } from '../support/iam-account.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

let aws: EmbeddedAws;
let client: sdk.IAMClient;
const connect = () =>
  new sdk.IAMClient({
    endpoint: aws.endpoint,
    region: aws.region,
    maxAttempts: 1,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = connect();
});
afterAll(async () => {
  client?.destroy();
  await aws?.stop();
});

const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}';

/** What is called on both. Ids of keys differ: they are chosen by their place in the list. */
type Step = { readonly operation: string; readonly input: Readonly<Record<string, string>> };
type Side = (step: Step) => Promise<unknown>;

function steps(random: Random, run: string): readonly Step[] {
  const users: readonly [string, ...string[]] = [`ann-${run}`, `ben-${run}`];
  const roles: readonly [string, ...string[]] = [`red-${run}`, `blue-${run}`];
  const policy = () => `arn:aws:iam::111122223333:policy/${random.pick(['one', 'two'])}-${run}`;
  const user = () => ({ UserName: random.pick(users) });
  const role = () => ({ RoleName: random.pick(roles) });
  const inline = () => ({ PolicyName: random.pick(['a', 'b']) });
  const kinds: readonly [() => Step, ...(() => Step)[]] = [
    () => ({ operation: 'CreateUser', input: user() }),
    () => ({ operation: 'DeleteUser', input: user() }),
    () => ({ operation: 'CreateAccessKey', input: user() }),
    () => ({ operation: 'UpdateAccessKey', input: { ...user(), AccessKeyId: 'AKIANOBODY', Status: 'Inactive' } }),
    () => ({ operation: 'AttachUserPolicy', input: { ...user(), PolicyArn: policy() } }),
    () => ({ operation: 'DetachUserPolicy', input: { ...user(), PolicyArn: policy() } }),
    () => ({ operation: 'PutUserPolicy', input: { ...user(), ...inline(), PolicyDocument: DOCUMENT } }),
    () => ({ operation: 'DeleteUserPolicy', input: { ...user(), ...inline() } }),
    () => ({ operation: 'GetUserPolicy', input: { ...user(), ...inline() } }),
    () => ({ operation: 'ListAttachedUserPolicies', input: user() }),
    () => ({ operation: 'CreateRole', input: { ...role(), AssumeRolePolicyDocument: DOCUMENT } }),
    () => ({ operation: 'DeleteRole', input: role() }),
    () => ({ operation: 'UpdateAssumeRolePolicy', input: { ...role(), PolicyDocument: DOCUMENT } }),
    () => ({ operation: 'AttachRolePolicy', input: { ...role(), PolicyArn: policy() } }),
    () => ({ operation: 'DetachRolePolicy', input: { ...role(), PolicyArn: policy() } }),
    () => ({ operation: 'PutRolePolicy', input: { ...role(), ...inline(), PolicyDocument: DOCUMENT } }),
    () => ({ operation: 'DeleteRolePolicy', input: { ...role(), ...inline() } }),
    () => ({ operation: 'GetRolePolicy', input: { ...role(), ...inline() } }),
  ];
  const policies = ['one', 'two'].map((name) => `${name}-${run}`);
  return [
    ...users.map((UserName): Step => ({ operation: 'CreateUser', input: { UserName } })),
    ...policies.map((PolicyName): Step => {
      return { operation: 'CreatePolicy', input: { PolicyName, PolicyDocument: DOCUMENT } };
    }),
    ...Array.from({ length: 120 }, () => random.pick(kinds)()),
    ...policies.map((name): Step => {
      return { operation: 'DeletePolicy', input: { PolicyArn: `arn:aws:iam::111122223333:policy/${name}` } };
    }),
  ];
}

/** The name of the error, as Rescind tells them apart, or what the call did. */
async function said(side: Side, step: Step): Promise<string> {
  try {
    await side(step);
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.name.replace(/Exception$/, '') : 'unknown';
  }
}

describe('the fake IAM and the embedded AWS', () => {
  // What only the fake knows, for the emulator lacks it: names in any case, quotas of policies and keys, that a policy
  // must exist to be attached, SSH keys, signing certificates and service-specific credentials, delay. Not called here.
  test.each([1, 2, 3, 4])(
    'answer the same calls with the same errors and end in the same state: seed %i',
    async (seed) => {
      const run = randomUUID().slice(0, 8);
      const account = createIamAccount();
      const fake: Side = async ({ operation, input }) => account.call(operation, input);
      const real: Side = ({ operation, input }) => send(operation, input);
      const answers: string[] = [];
      const expected: string[] = [];
      for (const step of steps(createRandom(seed), run)) {
        const line = `${step.operation} ${JSON.stringify(step.input)}`;
        const answer = await said(fake, step);
        // The emulator has no quotas, and deletes a user who still has keys or inline policies: what the fake refuses for
        // that, as AWS does, is not asked.
        if (answer === 'LimitExceeded' || (answer === 'DeleteConflict' && step.operation === 'DeleteUser')) continue;
        expected.push(`${line}: ${answer}`);
        answers.push(`${line}: ${await said(real, step)}`);
      }
      expect(expected).toEqual(answers);
      expect(new Set(expected.map((line) => line.split(': ').at(-1)))).toContain('NoSuchEntity');

      for (const { userName, attached, inline, accessKeys } of account.users.values()) {
        const UserName = userName;
        const list = await client.send(new sdk.ListAttachedUserPoliciesCommand({ UserName }));
        expect((list.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn).sort()).toEqual([...attached].sort());
        const names = await client.send(new sdk.ListUserPoliciesCommand({ UserName }));
        expect([...(names.PolicyNames ?? [])].sort()).toEqual([...inline.keys()].sort());
        const keys = await client.send(new sdk.ListAccessKeysCommand({ UserName }));
        expect((keys.AccessKeyMetadata ?? []).map(({ Status }) => Status)).toEqual([...accessKeys.values()]);
      }
    },
    120_000,
  );
});

describe('a containment on the embedded AWS whose calls meet faults', () => {
  test.each([11, 12, 13])(
    'never says that it did what it did not, and is given back exactly: seed %i',
    async (seed) => {
      const UserName = `fred-${randomUUID().slice(0, 8)}`;
      const { User } = await client.send(new sdk.CreateUserCommand({ UserName }));
      const made = await client.send(new sdk.CreateAccessKeyCommand({ UserName }));
      await client.send(new sdk.PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: DOCUMENT }));
      const quarantinePolicyArn = await quarantine();
      const before = await stateOf(UserName);
      const disturbed = connect();
      const script = randomScript(seed, {
        operations: ['AttachUserPolicy', 'UpdateAccessKey', 'ListAccessKeys', 'PutUserPolicy'],
        faults: ['denied', 'quota', 'answer-lost', 'timeout', 'missing'],
        count: 3,
        within: 2,
      });
      const gate = addFaultGate(disturbed, script);
      const clock = createVirtualClock('2026-11-21T02:00:00Z');
      const iam = createIam(disturbed, { clock, random: () => 0.5, budgetMilliseconds: 0 });
      const ledger = createMemoryLedger(clock);
      const { fake } = { fake: createFakeIam() };
      const subject = userSubject({ ...fake.createUser(UserName), userId: User?.UserId ?? '', arn: User?.Arn ?? '' });
      const report = await contain(
        { iam, ledger: ledger.takeLease(), clock, mayWrite: async () => ({ ok: true }) },
        { subject, actions: USER_ACTIONS, quarantinePolicyArn, sessionMarginSeconds: 60, pass: 'first' },
      );
      expect(
        gate.calls.some(({ fault }) => fault !== undefined),
        JSON.stringify(script),
      ).toBe(true);

      const after = await stateOf(UserName);
      const steps = report.kind === 'ran' ? report.steps : [];
      for (const { stepKey, call, result } of steps.filter((one) => one.result === 'done')) {
        if (call.operation === 'UpdateAccessKey') expect(after.keys, stepKey).toEqual(['Inactive']);
        if (call.operation === 'AttachUserPolicy') expect(after.attached, stepKey).toContain(quarantinePolicyArn);
        if (call.operation === 'PutUserPolicy') expect(after.inline, stepKey).toContain('Rescind-Quarantine');
        expect(result).toBe('done');
      }
      expect(made.AccessKey?.AccessKeyId).toBeDefined();
      await restore(
        { iam: createIam(client, { clock, random: () => 0.5 }), ledger: ledger.takeLease() },
        { subject, withheld: [] },
      );
      expect(await stateOf(UserName)).toEqual(before);
      disturbed.destroy();
    },
    120_000,
  );
});

test('a role without room for a deny is denied by its boundary and tagged, and has both back as they were', async () => {
  const RoleName = `full-${randomUUID().slice(0, 8)}`;
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const team = { Key: 'team', Value: 'payroll' };
  const { Role } = await client.send(
    new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: DOCUMENT, PermissionsBoundary, Tags: [team] }),
  );
  const quarantinePolicyArn = await quarantine();
  const disturbed = connect();
  addFaultGate(disturbed, [
    { operation: 'AttachRolePolicy', occurrence: 1, fault: 'quota' },
    { operation: 'PutRolePolicy', occurrence: 1, fault: 'quota' },
  ]);
  const clock = createVirtualClock('2026-11-21T02:00:00Z');
  const ledger = createMemoryLedger(clock);
  const subject = { ...roleSubject(createFakeIam().createRole(RoleName)), roleId: Role?.RoleId ?? '' };
  await contain(
    {
      iam: createIam(disturbed, { clock, random: () => 0.5, budgetMilliseconds: 0 }),
      ledger: ledger.takeLease(),
      clock,
      mayWrite: async () => ({ ok: true }),
    },
    {
      subject,
      actions: ['quarantine'],
      quarantinePolicyArn,
      sessionMarginSeconds: 60,
      pass: 'first',
      guarded: true,
    },
  );
  const roleNow = async () => {
    const now = await client.send(new sdk.GetRoleCommand({ RoleName }));
    return { boundary: now.Role?.PermissionsBoundary?.PermissionsBoundaryArn, tags: now.Role?.Tags };
  };
  expect(await roleNow()).toEqual({
    boundary: quarantinePolicyArn,
    tags: expect.arrayContaining([team, { Key: 'rescind:held', Value: 'by Rescind' }]),
  });
  await restore(
    { iam: createIam(client, { clock, random: () => 0.5 }), ledger: ledger.takeLease() },
    { subject, withheld: [] },
  );
  expect(await roleNow()).toEqual({ boundary: PermissionsBoundary, tags: [team] });
  disturbed.destroy();
});

async function stateOf(UserName: string) {
  const [attached, inline, keys] = await Promise.all([
    client.send(new sdk.ListAttachedUserPoliciesCommand({ UserName })),
    client.send(new sdk.ListUserPoliciesCommand({ UserName })),
    client.send(new sdk.ListAccessKeysCommand({ UserName })),
  ]);
  return {
    attached: (attached.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
    inline: inline.PolicyNames ?? [],
    keys: (keys.AccessKeyMetadata ?? []).map(({ Status }) => Status),
  };
}

let made: Promise<string> | undefined;
function quarantine(): Promise<string> {
  made ??= client
    .send(
      new sdk.CreatePolicyCommand({
        PolicyName: `quarantine-${randomUUID().slice(0, 8)}`,
        PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
      }),
    )
    .then(({ Policy }) => Policy?.Arn ?? '');
  return made;
}

/** The SDK's command of that name, with this input. */
function send(operation: string, input: Input): Promise<unknown> {
  const text = (name: string): string => String(input[name]);
  const user = { UserName: text('UserName') };
  const role = { RoleName: text('RoleName') };
  const arn = { PolicyArn: text('PolicyArn') };
  const name = { PolicyName: text('PolicyName') };
  const document = { PolicyDocument: text('PolicyDocument') };
  const commands: Readonly<Record<string, () => Promise<unknown>>> = {
    CreateUser: () => client.send(new sdk.CreateUserCommand(user)),
    DeleteUser: () => client.send(new sdk.DeleteUserCommand(user)),
    CreateAccessKey: () => client.send(new sdk.CreateAccessKeyCommand(user)),
    UpdateAccessKey: () =>
      client.send(new sdk.UpdateAccessKeyCommand({ ...user, AccessKeyId: text('AccessKeyId'), Status: 'Inactive' })),
    CreatePolicy: () => client.send(new sdk.CreatePolicyCommand({ ...name, ...document })),
    DeletePolicy: () => client.send(new sdk.DeletePolicyCommand(arn)),
    AttachUserPolicy: () => client.send(new sdk.AttachUserPolicyCommand({ ...user, ...arn })),
    DetachUserPolicy: () => client.send(new sdk.DetachUserPolicyCommand({ ...user, ...arn })),
    PutUserPolicy: () => client.send(new sdk.PutUserPolicyCommand({ ...user, ...name, ...document })),
    DeleteUserPolicy: () => client.send(new sdk.DeleteUserPolicyCommand({ ...user, ...name })),
    GetUserPolicy: () => client.send(new sdk.GetUserPolicyCommand({ ...user, ...name })),
    ListAttachedUserPolicies: () => client.send(new sdk.ListAttachedUserPoliciesCommand(user)),
    CreateRole: () =>
      client.send(new sdk.CreateRoleCommand({ ...role, AssumeRolePolicyDocument: text('AssumeRolePolicyDocument') })),
    DeleteRole: () => client.send(new sdk.DeleteRoleCommand(role)),
    UpdateAssumeRolePolicy: () => client.send(new sdk.UpdateAssumeRolePolicyCommand({ ...role, ...document })),
    AttachRolePolicy: () => client.send(new sdk.AttachRolePolicyCommand({ ...role, ...arn })),
    DetachRolePolicy: () => client.send(new sdk.DetachRolePolicyCommand({ ...role, ...arn })),
    PutRolePolicy: () => client.send(new sdk.PutRolePolicyCommand({ ...role, ...name, ...document })),
    DeleteRolePolicy: () => client.send(new sdk.DeleteRolePolicyCommand({ ...role, ...name })),
    GetRolePolicy: () => client.send(new sdk.GetRolePolicyCommand({ ...role, ...name })),
  };
  const command = commands[operation];
  if (command === undefined) throw new Error(`No command is called ${operation}`);
  return command();
}
