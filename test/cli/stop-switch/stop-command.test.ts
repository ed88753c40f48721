import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { type Ran, runCommand } from '../../support/run-command.ts';

let aws: EmbeddedAws;
let ssm: SSMClient;
let lambda: LambdaClient;

const run = (...given: readonly string[]): Promise<Ran> => runCommand(given, { env: aws.childEnvironment() });

const switchSays = async (): Promise<Record<string, unknown>> =>
  JSON.parse((await ssm.send(new GetParameterCommand({ Name: '/rescind/stop' }))).Parameter?.Value ?? '{}');
const placesOf = async (): Promise<number | undefined> =>
  (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: 'Rescind-contain' })))
    .ReservedConcurrentExecutions;

// An account in which everything else is broken: no stack, no table, no topic; only the parameter can be had.
beforeAll(async () => {
  aws = await startEmbeddedAws();
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  };
  ssm = new SSMClient(config);
  lambda = new LambdaClient(config);
}, 120_000);
afterAll(() => aws?.stop());

describe('rescind stop, where nothing else works', () => {
  it('does not call itself stopped where there was no switch and nobody to page: it may be deployed elsewhere', async () => {
    const { code, stdout } = await run('stop');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^There was no \/rescind\/stop in region us-east-1 of account \d{12}: .*IT IS NOT STOPPED/);
    expect(stdout).not.toMatch(/^Rescind is stopped/m);
    expect(await switchSays()).toMatchObject({ switch: 'on' });
  });

  it('sets the parameter by its fixed name, says who it acts as, and that nobody was paged', async () => {
    const { code, stdout, stderr } = await run('stop', '--reason', 'a drill');
    expect(stderr).toMatch(/^Acting on account \d{12}, region us-east-1, http:\/\/127\.0\.0\.1:\d+ as arn:aws:iam::/);
    expect(await switchSays()).toMatchObject({
      switch: 'on',
      reason: 'a drill',
      by: expect.stringContaining('arn:aws'),
    });
    expect(stdout).toMatch(/^Rescind is stopped since 20\S+, by arn:aws:iam::\d{12}:\S+: a drill\.$/m);
    expect(stdout).toMatch(/^NOBODY WAS PAGED \(.+\): tell the people on call yourself\.$/m);
    expect(code).toBe(1);
  });

  it('--hard says that there was nothing to take places from, and stops by the parameter all the same', async () => {
    const { code, stdout } = await run('stop', '--hard', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      state: { kind: 'stopped' },
      parameter: { kind: 'done' },
      hard: { kind: 'failed', why: expect.stringContaining('ResourceNotFound') },
      page: { kind: 'failed' },
    });
    expect(await switchSays()).not.toHaveProperty('reserved');
  });

  it('start turns it off again and says who had stopped it and why', async () => {
    await run('stop', '--reason', 'a second drill');
    const { stdout } = await run('start');
    expect(stdout).toMatch(/^Rescind was stopped since .*: a second drill\.$/m);
    expect(await switchSays()).toMatchObject({ switch: 'off', by: expect.stringContaining('arn:aws') });
    const again = await run('start');
    expect(again.stdout).toMatch(/^Rescind was not stopped: running since /m);
    expect(again.code).toBe(0);
  });

  it('a parameter that somebody deleted, or wrote by hand, is a stop; start makes it anew', async () => {
    await ssm.send(new DeleteParameterCommand({ Name: '/rescind/stop' }));
    const { stdout } = await run('start');
    expect(stdout).toContain('There was no /rescind/stop here');
    expect(stdout).toContain('Rescind was stopped: /rescind/stop is ""');
    const byHand = { Name: '/rescind/stop', Value: 'on', Type: 'String', Overwrite: true } as const;
    await ssm.send(new PutParameterCommand(byHand));
    expect((await run('start')).stdout).toContain('Rescind was stopped: /rescind/stop is "on"');
    expect(await switchSays()).toMatchObject({ switch: 'off' });
  });

  it('ends with 1 and a sentence where nobody answers at all, instead of pretending', async () => {
    const env = { ...aws.childEnvironment(), AWS_ENDPOINT_URL: 'http://127.0.0.1:9', RESCIND_AWS_ENDPOINT: '' };
    const { code, stdout } = await runCommand(['stop'], { env });
    expect(code).toBe(1);
    expect(stdout).toContain('/rescind/stop could not be set');
    expect(stdout).toContain('NOBODY WAS PAGED');
  });
});

describe('a hard stop', () => {
  beforeAll(async () => {
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const { Role } = await new IAMClient({
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
    }).send(
      new CreateRoleCommand({
        RoleName: 'Rescind-contain',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'Rescind-contain',
        Role: Role?.Arn ?? '',
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.js': new TextEncoder().encode('exports.handler = async () => 1;') }) },
      }),
    );
  });

  it('takes every place from contain, and start gives back what the parameter remembers, also after two stops', async () => {
    const five = { FunctionName: 'Rescind-contain', ReservedConcurrentExecutions: 5 };
    await lambda.send(new PutFunctionConcurrencyCommand(five));
    await run('stop', '--hard');
    expect(await placesOf()).toBe(0);
    await run('stop', '--hard');
    await run('stop');
    expect(await switchSays()).toMatchObject({ switch: 'on', reserved: 5 });
    await run('start');
    expect(await placesOf()).toBe(5);
    expect(await switchSays()).toMatchObject({ switch: 'off' });
  });

  it('of a function with nothing reserved is taken back to nothing reserved, also after two stops', async () => {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'Rescind-contain' }));
    await run('stop', '--hard');
    await run('stop', '--hard');
    expect(await placesOf()).toBe(0);
    await run('start');
    expect(await placesOf()).toBeUndefined();
  });

  it('that nobody remembers is told by start with the command that mends it', async () => {
    await run('stop', '--hard');
    await ssm.send(new DeleteParameterCommand({ Name: '/rescind/stop' }));
    const { code, stdout } = await run('start');
    expect(code).toBe(1);
    expect(stdout).toContain('put-function-concurrency --function-name Rescind-contain');
    expect(await placesOf()).toBe(0);
  });
});
