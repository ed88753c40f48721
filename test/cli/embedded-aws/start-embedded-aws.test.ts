import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';

afterEach(() => vi.unstubAllEnvs());

describe('startEmbeddedAws', () => {
  it('answers AWS calls made with its variables, on the loopback only, until it is stopped', async () => {
    vi.stubEnv('RESCIND_AWS_ENDPOINT', undefined);
    const aws = await startEmbeddedAws();
    onTestFinished(aws.stop);
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    const sts = new STSClient({});
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111122223333');
    expect(aws).toMatchObject({ account: '111122223333', region: 'us-east-1' });

    const port = Number(new URL(aws.endpoint).port);
    expect(await answers('127.0.0.1', port)).toBe(true);
    for (const address of outerAddresses()) expect([address, await answers(address, port)]).toEqual([address, false]);

    await aws.stop();
    expect(await answers('127.0.0.1', port)).toBe(false);
    await aws.stop(); // A second time is harmless.
  });

  it('uses the endpoint in RESCIND_AWS_ENDPOINT, and stopping does not touch it', async () => {
    vi.stubEnv('RESCIND_AWS_ENDPOINT', undefined);
    const theirs = await startEmbeddedAws();
    onTestFinished(theirs.stop);
    vi.stubEnv('RESCIND_AWS_ENDPOINT', theirs.endpoint);
    const aws = await startEmbeddedAws();
    expect(aws).toMatchObject({ endpoint: theirs.endpoint, account: '111122223333', logFile: undefined });
    await aws.stop();
    expect(await answers('127.0.0.1', Number(new URL(theirs.endpoint).port))).toBe(true);
  });

  it('says in one sentence that RESCIND_AWS_ENDPOINT does not answer', async () => {
    vi.stubEnv('RESCIND_AWS_ENDPOINT', 'http://127.0.0.1:1');
    await expect(startEmbeddedAws()).rejects.toMatchObject({
      name: 'EmbeddedAwsError',
      message: expect.stringMatching(/^The AWS endpoint in RESCIND_AWS_ENDPOINT \(http:\/\/127\.0\.0\.1:1\) does not/),
    });
  });

  it('says in one sentence that the wanted port is taken', async () => {
    vi.stubEnv('RESCIND_AWS_ENDPOINT', undefined);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await expect(startEmbeddedAws({ port: address.port })).rejects.toMatchObject({
      name: 'EmbeddedAwsError',
      message: `Port ${address.port} on 127.0.0.1 cannot be opened (EADDRINUSE): choose another one with --port, or leave it out to take any free port.`,
    });
  });
});

describe('the environment for child processes', () => {
  it('holds nothing of the AWS settings that a person has', async () => {
    vi.stubEnv('RESCIND_AWS_ENDPOINT', undefined);
    const aws = await startEmbeddedAws();
    onTestFinished(aws.stop);
    const environment = aws.childEnvironment({
      PATH: '/bin',
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'real',
      AWS_ENDPOINT_URL_IAM: 'https://iam.amazonaws.com',
      CDK_DEFAULT_ACCOUNT: '999999999999',
    });
    expect(environment).toMatchObject({ PATH: '/bin', AWS_ENDPOINT_URL: aws.endpoint });
    expect(environment).not.toHaveProperty('AWS_PROFILE');
    expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
    expect(environment).not.toHaveProperty('AWS_ENDPOINT_URL_IAM');
    expect(environment).not.toHaveProperty('CDK_DEFAULT_ACCOUNT');
  });
});

function outerAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => !entry.internal && entry.family === 'IPv4')
    .map((entry) => entry.address);
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new Socket().setTimeout(2000);
    const say = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket
      .once('connect', () => say(true))
      .once('error', () => say(false))
      .once('timeout', () => say(false));
    socket.connect(port, host);
  });
}
