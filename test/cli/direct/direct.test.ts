import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutAws } from '../../../cli/embedded-aws/client-environment.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { roleState, userState } from '../../e2e/support/iam-state.ts';
import { type Fate, isWrite, startIamGate } from './iam-gate.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'cli', 'rescind.mjs');
const READ_ONLY = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll';
/** Its spaces must come back as they are. */
const DOCUMENT = '{ "Version":"2012-10-17",  "Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}] }';
const LIMIT_MS = 180_000;

let aws: EmbeddedAws;
let iam: IAMClient;
let home: string;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const credentials = { accessKeyId: aws.account, secretAccessKey: 'embedded' };
  iam = new IAMClient({ endpoint: aws.endpoint, region: aws.region, credentials });
  home = await mkdtemp(join(tmpdir(), 'rescind-direct-'));
}, LIMIT_MS);
afterAll(async () => {
  await aws?.stop();
  await rm(home, { recursive: true, force: true });
});

type End = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
type Around = {
  readonly endpoint?: string;
  readonly onStart?: (child: ChildProcess) => void;
};

/** On a bare account: nothing is deployed, and the files lie in a folder of this run. */
function rescind(given: readonly string[], { endpoint = aws.endpoint, onStart }: Around = {}): Promise<End> {
  const child = spawn(process.execPath, [PROGRAM, ...given], {
    env: {
      ...withoutAws(process.env),
      ...aws.env,
      AWS_ENDPOINT_URL: endpoint,
      RESCIND_AWS_ENDPOINT: '',
      RESCIND_DIRECT: home,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart?.(child);
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk) => out.push(String(chunk)));
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, stdout: out.join(''), stderr: err.join('') })),
  );
}

async function makeUser(UserName: string) {
  const { User } = await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'x' }] }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'reports', PolicyDocument: DOCUMENT }));
  const made = [];
  for (const _ of [1, 2]) made.push((await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey);
  const keys = made.map((key) => ({ id: key?.AccessKeyId ?? '', secret: key?.SecretAccessKey ?? '' }));
  return { userName: UserName, userId: User?.UserId ?? '', keys, before: await userState(iam, UserName) };
}

const enforce = (who: string) => ['contain', who, '--direct', '--enforce', '--yes', '--json'];

describe.concurrent('contain --direct on a bare account', () => {
  it(
    'plans without a change, contains, is listed and shown, and gives everything back byte for byte',
    async () => {
      const { userName, keys, before } = await makeUser('ann');
      const planned = await rescind(['contain', userName, '--direct']);
      expect(planned.stdout).toContain('iam:AttachUserPolicy');
      expect(planned.stdout).toContain(`npx rescind contain ${userName} --enforce --direct`);
      expect(planned.code).toBe(0);
      expect(await userState(iam, userName)).toEqual(before);

      const done = await rescind(enforce(keys[0]?.id ?? ''));
      const { case: found } = JSON.parse(done.stdout);
      expect(found).toMatchObject({ state: 'contained', outcome: { kind: 'contained', grade: 'B' } });
      expect(done.stderr).toContain('accidents only');
      expect(done.code).toBe(0);
      const held = await userState(iam, userName);
      expect(held).toMatchObject({
        [`attached ${DENY_ALL}`]: 'yes',
        [`key ${keys[0]?.id}`]: 'Inactive',
        [`key ${keys[1]?.id}`]: 'Inactive',
      });

      expect((await rescind(['cases', '--direct'])).stdout).toContain(found.caseId);
      const shown = await rescind(['case', 'show', found.caseId, '--direct']);
      expect(shown.stdout).toContain('AttachUserPolicy on user ann: done');

      const partly = await rescind(['release', found.caseId, '--direct']);
      expect(partly.stdout).toContain(`withheld: access key ${keys[0]?.id}`);
      expect(await userState(iam, userName)).toEqual({ ...before, [`key ${keys[0]?.id}`]: 'Inactive' });
      const whole = await rescind(['release', found.caseId, '--all', '--direct']);
      expect(whole.code).toBe(0);
      expect(await userState(iam, userName)).toEqual(before);
    },
    LIMIT_MS,
  );

  it(
    'ends the sessions of a role, and one session beside it, and gives both back',
    async () => {
      const RoleName = 'Build';
      const trust = {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
        Action: 'sts:AssumeRole',
      };
      const { Role } = await iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
        }),
      );
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: DOCUMENT }));
      const before = await roleState(iam, RoleName);
      const reset = await rescind(['contain', Role?.Arn ?? '', '--direct', '--reset-console', '--enforce', '--yes']);
      expect(reset).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Only an IAM user has a console password'),
      });
      expect(await roleState(iam, RoleName)).toEqual(before);
      const cases: string[] = [];
      for (const who of [Role?.Arn ?? '', `arn:aws:sts::${aws.account}:assumed-role/${RoleName}/laptop`]) {
        const done = await rescind(enforce(who));
        expect(done.code).toBe(0);
        cases.push(JSON.parse(done.stdout).case.caseId);
      }
      expect(Object.keys(await roleState(iam, RoleName)).length).toBe(Object.keys(before).length + 2);
      for (const caseId of cases) expect((await rescind(['release', caseId, '--all', '--direct'])).code).toBe(0);
      expect(await roleState(iam, RoleName)).toEqual(before);
    },
    LIMIT_MS,
  );

  it(
    'resets the console password where that is asked for, killed in the middle as well, and keeps no part of it',
    async () => {
      const { userName, userId, before } = await makeUser('una');
      await iam.send(new CreateLoginProfileCommand({ UserName: userName, Password: 'Only-for-a-test-1' }));
      const passwords: string[] = [];
      let child: ChildProcess | undefined;
      const gate = await startIamGate(aws.endpoint, (operation, parameters): Fate => {
        if (operation !== 'UpdateLoginProfile') return 'pass';
        passwords.push(parameters.get('Password') ?? '');
        if (passwords.length > 1) return 'pass';
        child?.kill('SIGKILL');
        return 'lost';
      });
      const around: Around = {
        endpoint: gate.url,
        onStart: (started) => {
          child = started;
        },
      };
      try {
        const planned = await rescind(['contain', userName, '--direct', '--reset-console'], { endpoint: gate.url });
        expect(planned.stdout).toContain('iam:UpdateLoginProfile');
        expect(planned.stdout).toContain(`npx rescind contain ${userName} --enforce --direct --reset-console`);
        expect(passwords).toEqual([]);
        const order = [...enforce(userName), '--reset-console'];
        expect(await rescind(order, around)).toMatchObject({ code: null, stdout: '' });
        expect(await userState(iam, userName)).toMatchObject({
          'login profile': expect.stringContaining('reset required: false'),
        });
        const again = await rescind(order, around);
        const { case: found } = JSON.parse(again.stdout);
        expect(found).toMatchObject({ state: 'contained', outcome: { kind: 'contained' } });
        const held = await userState(iam, userName);
        expect(held).toMatchObject({ 'login profile': expect.stringContaining('reset required: true') });

        const released = await rescind(['release', found.caseId, '--all', '--direct'], around);
        expect(released.stdout).toContain(`aws iam update-login-profile --user-name ${userName}`);
        const { 'login profile': profile, ...rest } = await userState(iam, userName);
        const { 'login profile': _none, ...were } = before;
        expect([rest, profile]).toEqual([were, held['login profile']]);

        const account = join(home, (await readdir(home)).find((name) => name.endsWith(new URL(gate.url).port)) ?? '');
        const own = join(account, (await readdir(account)).find((name) => name.includes(userId)) ?? '');
        const kept = await readFile(join(own, 'cases.json'), 'utf8');
        const told = [kept, again.stdout, again.stderr, released.stdout, released.stderr].join('\n');
        expect([passwords.length, kept.includes('UpdateLoginProfile')]).toEqual([2, true]);
        for (const password of passwords) {
          expect(password.length).toBeGreaterThanOrEqual(40);
          const parts = Array.from({ length: password.length - 7 }, (_, at) => password.slice(at, at + 8));
          expect(parts.filter((part) => told.includes(part))).toEqual([]);
        }
      } finally {
        await gate.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'refuses the caller, the last administrator and a lock, and changes nothing',
    async () => {
      const { userName } = await makeUser('bob');
      await iam.send(new AttachUserPolicyCommand({ UserName: userName, PolicyArn: ADMINISTRATOR }));
      const before = await userState(iam, userName);
      // The embedded AWS takes every key for root.
      const gate = await startIamGate(aws.endpoint, (operation) =>
        operation === 'GetCallerIdentity'
          ? { answer: identity(`arn:aws:iam::${aws.account}:user/${userName}`) }
          : 'pass',
      );
      const self = await rescind(enforce(userName), { endpoint: gate.url });
      await gate.stop();
      expect(self).toMatchObject({ code: 1, stderr: expect.stringContaining('Nobody contains themselves') });
      const last = await rescind(enforce(userName));
      expect(JSON.parse(last.stdout).case.outcome).toMatchObject({ kind: 'refused', reason: 'last-administrator' });
      expect(last.code).toBe(1);
      const { caseId } = JSON.parse(last.stdout).case;
      const close = ['close', caseId, '--verdict', 'benign', '--direct', '--json'];
      expect(JSON.parse((await rescind(close)).stdout)).toMatchObject({ caseId, state: 'closed', verdict: 'benign' });
      expect(await rescind(close)).toMatchObject({ code: 1, stderr: expect.stringContaining('is closed already') });
      const lock = await rescind(['contain', userName, '--direct', '--for', '4h', '--enforce', '--yes']);
      expect(lock).toMatchObject({ code: 2, stderr: expect.stringContaining('needs a deployed stack') });
      const elsewhere = await rescind(['contain', userName, '--reset-console']);
      expect(elsewhere).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('No role of Rescind may set passwords'),
      });
      expect(await userState(iam, userName)).toEqual(before);
    },
    LIMIT_MS,
  );

  it(
    'lists as unavailable what the endpoint does not know',
    async () => {
      const { userName } = await makeUser('cat');
      const gate = await startIamGate(aws.endpoint, (operation) =>
        operation === 'ListSigningCertificates' ? 'unknown-operation' : 'pass',
      );
      try {
        const done = await rescind(enforce(userName), { endpoint: gate.url });
        expect(JSON.parse(done.stdout).case).toMatchObject({
          state: 'contained',
          outcome: {
            unavailable: expect.arrayContaining([{ operation: 'ListSigningCertificates', reason: 'not here' }]),
          },
        });
      } finally {
        await gate.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'that may not read says what AWS said in one sentence, in the case as well, and changes nothing',
    async () => {
      const { userName, before } = await makeUser('pia');
      const denied = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
      let asked = 0;
      const gate = await startIamGate(aws.endpoint, (operation): Fate => {
        if (operation === 'GetUser') asked += 1;
        // Whose name it is may be seen, the rest not.
        return operation === 'GetUser' && asked > 2 ? { answer: denied, status: 403 } : 'pass';
      });
      try {
        const end = await rescind(enforce(userName), { endpoint: gate.url });
        expect(end).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('AWS said no, or did not answer: AccessDenied'),
        });
        const listed = await rescind(['cases', '--direct', '--json'], { endpoint: gate.url });
        expect(JSON.parse(listed.stdout)).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
        expect(await userState(iam, userName)).toEqual(before);
      } finally {
        await gate.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'puts the deny inline where the endpoint has no policy that denies everything',
    async () => {
      const { userName, before } = await makeUser('dan');
      const gate = await startIamGate(aws.endpoint, (operation) =>
        operation === 'AttachUserPolicy' ? 'unknown-operation' : 'pass',
      );
      try {
        const done = await rescind(enforce(userName), { endpoint: gate.url });
        const { case: found } = JSON.parse(done.stdout);
        expect(found.state).toBe('contained');
        expect(await userState(iam, userName)).toHaveProperty(['inline Rescind-Quarantine']);
        await rescind(['release', found.caseId, '--all', '--direct'], { endpoint: gate.url });
        expect(await userState(iam, userName)).toEqual(before);
      } finally {
        await gate.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'on one subject is one at a time; stopped by Ctrl-C it says so, and the same command goes on',
    async () => {
      const { userName, before } = await makeUser('eve');
      let [holding, held] = [true, () => {}];
      const isHeld = new Promise<void>((resolve) => {
        held = resolve;
      });
      const gate = await startIamGate(aws.endpoint, (operation): Fate => {
        if (!holding || operation !== 'UpdateAccessKey') return 'pass';
        held();
        return 'answer-lost';
      });
      try {
        let child: ChildProcess | undefined;
        const first = rescind(enforce(userName), {
          endpoint: gate.url,
          onStart: (started) => {
            child = started;
          },
        });
        await isHeld;
        const second = await rescind(enforce(userName), { endpoint: gate.url });
        expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('works on this subject') });
        child?.kill('SIGINT');
        expect(await first).toMatchObject({ code: 130, stderr: expect.stringContaining('The same command goes on') });
        holding = false;
        const { case: found } = JSON.parse((await rescind(enforce(userName), { endpoint: gate.url })).stdout);
        expect(found.state).toBe('contained');
        await rescind(['release', found.caseId, '--all', '--direct'], { endpoint: gate.url });
        expect(await userState(iam, userName)).toEqual(before);
      } finally {
        await gate.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'keeps its files to their owner, and does nothing by one that somebody changed',
    async () => {
      const { userName, userId, before } = await makeUser('flo');
      const { case: found } = JSON.parse((await rescind(enforce(userName))).stdout);
      const account = join(home, (await readdir(home)).find((name) => name.endsWith(new URL(aws.endpoint).port)) ?? '');
      const own = join(account, (await readdir(account)).find((name) => name.includes(userId)) ?? '');
      const file = join(own, 'cases.json');
      const modes = await Promise.all(
        [account, own, file, join(account, 'key')].map(async (path) => (await stat(path)).mode & 0o777),
      );
      expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
      expect(await readdir(own)).toEqual(['cases.json']);

      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replaceAll('"Active"', '"Inactive"'));
      const changed = await rescind(['release', found.caseId, '--all', '--direct']);
      expect(changed).toMatchObject({ code: 1, stderr: expect.stringContaining('not as Rescind wrote it') });
      const listed = await rescind(['cases', '--direct']);
      expect(listed).toMatchObject({ code: 1, stderr: expect.stringContaining('not as Rescind wrote it') });
      expect(await userState(iam, userName)).toHaveProperty([`attached ${DENY_ALL}`]);

      await writeFile(file, text);
      expect((await rescind(['release', found.caseId, '--all', '--direct'])).code).toBe(0);
      expect(await userState(iam, userName)).toEqual(before);
    },
    LIMIT_MS,
  );
});

describe.concurrent('contain --direct, killed in the middle', () => {
  it.each([
    ['before the deny arrives', 'gus', 1, 'lost'],
    ['after the deny, before its answer', 'hal', 1, 'answer-lost'],
    ['after a key was switched off', 'jim', 2, 'answer-lost'],
  ] as const)(
    '%s: run again it contains, and the release gives back exactly what was there',
    async (_, name, write, fate) => {
      const { userName, before } = await makeUser(name);
      const { url, stop, dying } = await killedAt(write, fate);
      try {
        const killed = await rescind(enforce(userName), { endpoint: url, onStart: dying });
        expect(killed).toMatchObject({ code: null, stdout: '' });
        const again = await rescind(enforce(userName), { endpoint: url });
        const { case: found } = JSON.parse(again.stdout);
        expect(found).toMatchObject({ state: 'contained', outcome: { kind: 'contained' } });
        expect((await rescind(['release', found.caseId, '--all', '--direct'], { endpoint: url })).code).toBe(0);
        expect(await userState(iam, userName)).toEqual(before);
      } finally {
        await stop();
      }
    },
    LIMIT_MS,
  );

  it.each([
    ['lost', 'lee', 2],
    ['answer-lost', 'ned', 5],
  ] as const)(
    'and released without being run again (%s)',
    async (fate, name, write) => {
      const { userName, before } = await makeUser(name);
      const { url, stop, dying } = await killedAt(write, fate);
      try {
        // The fifth write is the second of the release.
        const first = await rescind(enforce(userName), { endpoint: url, ...(write < 4 ? { onStart: dying } : {}) });
        expect(first.code).toBe(write < 4 ? null : 0);
        const [line = '{}'] = (await rescind(['cases', '--direct', '--json'], { endpoint: url })).stdout.split('\n');
        const release = ['release', JSON.parse(line).caseId, '--all', '--direct'];
        if (write > 3) expect((await rescind(release, { endpoint: url, onStart: dying })).code).toBe(null);
        expect((await rescind(release, { endpoint: url })).code).toBe(0);
        expect(await userState(iam, userName)).toEqual(before);
      } finally {
        await stop();
      }
    },
    LIMIT_MS,
  );
});

function identity(arn: string): string {
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDASELF</UserId><Account>${aws.account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

/** A gate at which the process dies by kill -9 at its so-manieth write; everything later passes. */
async function killedAt(write: number, fate: Fate) {
  let [writes, child]: [number, ChildProcess | undefined] = [0, undefined];
  const gate = await startIamGate(aws.endpoint, (operation): Fate => {
    if (!isWrite(operation)) return 'pass';
    writes += 1;
    if (writes !== write) return 'pass';
    child?.kill('SIGKILL');
    return fate;
  });
  return {
    ...gate,
    dying: (started: ChildProcess) => {
      child = started;
    },
  };
}
