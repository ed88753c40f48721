import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { embeddedAccount, embeddedRegion } from '../../../cli/embedded-aws/account.ts';
import { clientEnvironment, withoutAws } from '../../../cli/embedded-aws/client-environment.ts';
import { bootstrapAccount, deployAssembly, synthesiseStack } from '../../../cli/embedded-aws/deploy-stack.ts';
import { launch } from '../../../cli/embedded-aws/launch.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { startAlertReceiver } from '../../../cli/staging/alert-receiver.ts';
import { startIamFront } from './iam-front.ts';

const project = join(import.meta.dirname, '..', '..', '..');

/** What a test file needs to find a deployed Rescind. */
export type StageFacts = {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly logFile?: string;
  /** Whether the functions' calls to IAM are written down; not on an AWS that somebody else started. */
  readonly countsIamCalls: boolean;
  /** Of this run: keeps names apart on an AWS that is used again. */
  readonly suffix: string;
};

export type StagePlan = {
  readonly name: string;
  readonly policy: (subscriber: string) => string;
  /** Below the git-ignored folder: policy, rules and the assembly. */
  readonly folder: string;
  /** Whether an AWS named in RESCIND_AWS_ENDPOINT is used, where there is one. */
  readonly mayBeGiven: boolean;
  /** Ends what was started, in the reverse order; called however the run ends. */
  readonly atEnd: (clear: () => Promise<unknown>) => void;
};

/** An AWS with Rescind deployed and subscribed, by the very commands that people use. What is slow runs side by side. */
export async function setStage({ name, policy, folder, mayBeGiven, atEnd }: StagePlan) {
  const front = await startIamFront();
  atEnd(front.stop);
  const receiver = await startAlertReceiver();
  atEnd(() => receiver.stop());

  const deploying = (async (): Promise<StageFacts> => {
    const given = mayBeGiven && Boolean(process.env.RESCIND_AWS_ENDPOINT);
    const starting = given ? startEmbeddedAws() : startOwn({ AWS_ENDPOINT_URL_IAM: front.url });
    atEnd(async () => (await starting.catch(() => undefined))?.stop());
    const policyFile = await writePolicy(folder, policy(receiver.url));
    const account = given ? (await starting).account : embeddedAccount;
    const outputFolder = join(folder, 'assembly');
    const [aws] = await Promise.all([
      starting.then(async (started) => {
        front.leadTo(started.endpoint);
        await bootstrapAccount(started);
        return started;
      }),
      synthesiseStack({ policyFile, outputFolder, account }),
    ]);
    await deployAssembly(aws, outputFolder);
    const outputs = await readOutputs(aws);
    await subscribed(aws, [outputs.PageTopicArn ?? '', outputs.InformationTopicArn ?? '']);
    return {
      endpoint: aws.endpoint,
      region: aws.region,
      account: aws.account,
      outputs,
      ...(aws.logFile === undefined ? {} : { logFile: aws.logFile }),
      countsIamCalls: !given,
      suffix: Date.now().toString(36),
    };
  })();
  return { name, ready: deploying, alerts: receiver.received, iamCalls: front.calls };
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

async function startOwn(functionEnvironment: Record<string, string>): Promise<EmbeddedAws> {
  const { server, endpoint, logFile } = await launch({ functionEnvironment });
  const where = { endpoint, region: embeddedRegion, account: embeddedAccount };
  const env = clientEnvironment(where);
  return {
    ...where,
    env,
    childEnvironment: (base = process.env) => ({ ...withoutAws(base), ...env }),
    logFile,
    stop: server.stop,
  };
}

async function writePolicy(folder: string, text: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all([
    cp(join(project, 'rules'), join(folder, 'rules'), { recursive: true }),
    cp(join(import.meta.dirname, 'rules'), join(folder, 'rules-of-the-tests'), { recursive: true }),
    writeFile(join(folder, 'rescind.yaml'), text),
  ]);
  return join(folder, 'rescind.yaml');
}

export function operatorConfig({ endpoint, region, account }: Pick<StageFacts, 'endpoint' | 'region' | 'account'>) {
  return { endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'embedded' } };
}

async function readOutputs(aws: EmbeddedAws): Promise<Record<string, string>> {
  const { Stacks } = await new CloudFormationClient(operatorConfig(aws)).send(
    new DescribeStacksCommand({ StackName: 'Rescind' }),
  );
  return Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/** SNS asks an HTTP subscriber whether it wants the messages; before its answer it gets none. */
async function subscribed(aws: EmbeddedAws, topics: readonly string[]): Promise<void> {
  const sns = new SNSClient(operatorConfig(aws));
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answers = await Promise.all(
      topics.map((TopicArn) => sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))),
    );
    const all = answers.flatMap(({ Subscriptions = [] }) => Subscriptions);
    if (all.length >= topics.length && all.every(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'))) {
      return;
    }
    await pause(200);
  }
  throw new Error('The receiver of the alerts was not confirmed as a subscriber within 30 s.');
}
