import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { embeddedAccount, embeddedRegion } from './account.ts';
import { EmbeddedAwsError } from './embedded-aws-error.ts';

/** Asks the endpoint in RESCIND_AWS_ENDPOINT who we are: proves that it speaks AWS's protocol and tells the account. */
export async function askGivenEndpoint(endpoint: string): Promise<{ region: string; account: string }> {
  if (!URL.canParse(endpoint)) {
    throw new EmbeddedAwsError(
      `RESCIND_AWS_ENDPOINT is not a URL (${endpoint})`,
      'set it to something like http://127.0.0.1:4566, or unset it',
    );
  }
  const region = process.env.AWS_REGION ?? embeddedRegion;
  const sts = new STSClient({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: embeddedAccount, secretAccessKey: 'embedded' },
    requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000 },
  });
  try {
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined) throw new Error('GetCallerIdentity named no account');
    return { region, account };
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new EmbeddedAwsError(
      `The AWS endpoint in RESCIND_AWS_ENDPOINT (${endpoint}) does not answer (${reason})`,
      'start it, correct the address, or unset the variable to use an embedded AWS of our own',
      { cause: error },
    );
  } finally {
    sts.destroy();
  }
}
