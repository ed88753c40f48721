/**
 * Stands in for the SDK's chain of credential sources (`@aws-sdk/credential-provider-node`) in the bundles: Lambda gives a
 * function its credentials in the environment and in no other way, and the chain with its clients for single sign-on,
 * files and containers is a fifth of a bundle.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function defaultProvider() {
  // Read at each call: the worker of a long-lived function may be given new ones.
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) throw new NoCredentialsError();
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
  };
}

export class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';

  constructor() {
    super('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment of the function');
  }
}
