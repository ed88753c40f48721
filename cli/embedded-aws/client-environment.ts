import { join } from 'node:path';
import { projectFolder } from './project-folder.ts';

/** What a program needs to talk to the embedded AWS and to nothing else. Meant to be laid over `withoutAws(process.env)`. */
export function clientEnvironment(options: {
  endpoint: string;
  region: string;
  account: string;
}): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: options.endpoint,
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    // MiniStack takes a 12-digit key id as the account. The CDK caches the account of each key id on disk, so an
    // invented id such as "test" would later be answered from that cache with the account of another emulator.
    AWS_ACCESS_KEY_ID: options.account,
    AWS_SECRET_ACCESS_KEY: 'embedded',
    // A person's profiles may name another endpoint, region or single sign-on: none of it may be read.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // Without it the SDK looks for instance credentials on the network when anything above is wrong.
    AWS_EC2_METADATA_DISABLED: 'true',
    // Node 20 is supported here; without this the SDK prints a paragraph about it from every process.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // The CDK's caches and notices would go to ~/.cdk; its telemetry and notices would leave the machine.
    CDK_HOME: join(projectFolder, 'cdk'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_NOTICES: 'false',
    CDK_DISABLE_VERSION_CHECK: 'true',
  };
}

/**
 * A copy of `env` without anything that could send a call to real AWS: a profile wins over keys in the environment, and
 * AWS_ENDPOINT_URL_IAM over AWS_ENDPOINT_URL.
 */
export function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS|CDK)_/.test(name)));
}
