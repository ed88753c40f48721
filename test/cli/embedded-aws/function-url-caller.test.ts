import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, CreateFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';

// index.js: exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? null) });
const zippedEcho =
  'UEsDBBQAAAAAAAAAIQCLl2sbeQAAAHkAAAAIAAAAaW5kZXguanNleHBvcnRzLmhhbmRsZXIgPSBhc3luYyAoZXZlbnQpID0+ICh7IHN0YXR1c0NvZGU6IDIwMCwgYm9keTogSlNPTi5zdHJpbmdpZnkoZXZlbnQucmVxdWVzdENvbnRleHQuYXV0aG9yaXplciA/PyBudWxsKSB9KTsKUEsBAhQDFAAAAAAAAAAhAIuXaxt5AAAAeQAAAAgAAAAAAAAAAAAAAIABAAAAAGluZGV4LmpzUEsFBgAAAAABAAEANgAAAJ8AAAAAAA==';

let aws: EmbeddedAws;
let url: string;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  const lambda = new LambdaClient(connection());
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'echo',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::111122223333:role/echo',
      Code: { ZipFile: Buffer.from(zippedEcho, 'base64') },
    }),
  );
  const config = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'echo', AuthType: 'AWS_IAM' }));
  // Names under on.aws do not resolve to the loopback; MiniStack serves the same function by path.
  const [id] = new URL(config.FunctionUrl ?? '').hostname.split('.');
  url = `${aws.endpoint}/_aws/lambda-url/${id}/`;
});
afterAll(() => aws.stop());

describe('a function behind an IAM-signed URL', () => {
  it('is told who signed', async () => {
    const iam = new IAMClient(connection());
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'oncall' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'oncall' }));
    const accessKeyId = AccessKey?.AccessKeyId ?? '';
    expect(await callerSeen(accessKeyId)).toMatchObject({
      iam: { accountId: '111122223333', userArn: 'arn:aws:iam::111122223333:user/oncall', userId: User?.UserId },
    });

    await iam.send(new UpdateAccessKeyCommand({ UserName: 'oncall', AccessKeyId: accessKeyId, Status: 'Inactive' }));
    expect(await callerSeen(accessKeyId)).toBeNull();
  });

  it('is told of the operator, and of nobody when the key is nobody’s', async () => {
    expect(await callerSeen('111122223333')).toMatchObject({ iam: { userArn: 'arn:aws:iam::111122223333:root' } });
    expect(await callerSeen('AKIAEXAMPLE000000000')).toBeNull();
  });

  it('is not reached without a signature', async () => {
    expect((await fetch(url)).status).toBe(403);
  });
});

async function callerSeen(accessKeyId: string): Promise<unknown> {
  const signer = new AwsClient({ accessKeyId, secretAccessKey: 'any', service: 'lambda', region: 'us-east-1' });
  return (await signer.fetch(url)).json();
}

function connection() {
  return {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'embedded' },
  };
}
