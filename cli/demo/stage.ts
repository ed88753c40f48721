import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { embeddedAccount } from '../embedded-aws/account.ts';
import { withoutAws } from '../embedded-aws/client-environment.ts';
import { bootstrapAccount, deployAssembly, synthesiseStack } from '../embedded-aws/deploy-stack.ts';
import { localDown, localUp } from '../embedded-aws/local-instance.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded-aws/start-embedded-aws.ts';
import { type Connection, connect } from '../stack/connect.ts';
import { CommandProblem } from '../stack/problem.ts';
import { type AlertReceiver, startAlertReceiver } from '../staging/alert-receiver.ts';
import { startCallLog } from './call-log.ts';
import { type Cast, makeCast, operatorConfig } from './cast.ts';
import type { Leftovers } from './leftovers.ts';
import { DEMO_BREAKER_SUBJECTS, DEMO_SETTLE_SECONDS, type DemoMode, writePolicies } from './policies.ts';
import type { Screen } from './screen.ts';
import type { Stopwatch } from './stopwatch.ts';
import { waitFor } from './wait-for.ts';

export type Stage = {
  readonly aws: EmbeddedAws;
  readonly logFile: string | undefined;
  readonly cast: Cast;
  readonly bus: EventBridgeClient;
  readonly receiver: AlertReceiver;
  readonly connection: Connection;
  readonly screen: Screen;
  readonly stopwatch: Stopwatch;
  /** The policy of the other mode, by a second deployment of the same stack. */
  readonly switchToEnforce: () => Promise<void>;
};

export type Tools = { readonly screen: Screen; readonly stopwatch: Stopwatch; readonly leftovers: Leftovers };

/** Everything up to a deployed Rescind in observe mode with a cast in the account. What is slow runs side by side. */
export async function setTheStage({ screen, stopwatch, leftovers }: Tools, keep: boolean): Promise<Stage> {
  const part = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (!screen.live) screen.line(`  ... ${name}`);
    return screen.during(name, stopwatch.time(name, work)).then((result) => {
      const lap = stopwatch.laps().findLast((each) => each.name === name);
      screen.line(`  ok  ${name.padEnd(34)} ${(lap?.seconds ?? 0).toFixed(1).padStart(5)} s`);
      return result;
    });
  };

  const receiver = await startAlertReceiver();
  leftovers.add(() => receiver.stop());
  const folder = await writePolicies(receiver.url);
  leftovers.add(folder.remove, folder.removeNow);

  const starting = part('start the embedded AWS', () => (keep ? startToStay : startForThisRun)(screen, leftovers));
  const account = process.env.RESCIND_AWS_ENDPOINT ? (await starting).aws.account : embeddedAccount;
  const synthesise = (mode: DemoMode) => () => synthesiseStack({ ...folder.deployment(mode), account });
  const observe = part('synthesise the stack, observe', synthesise('observe'));
  const enforce = observe.then(() => stopwatch.time('synthesise the stack, enforce', synthesise('enforce')));
  // Whoever deploys it learns of its failure; until then nobody listens.
  enforce.catch(() => {});

  const ready = starting.then(async ({ aws, logFile, fresh }) => {
    // From here on the commands of this process find the embedded AWS and nothing else.
    for (const name of Object.keys(process.env)) if (!(name in withoutAws(process.env))) delete process.env[name];
    Object.assign(process.env, aws.env);
    const [, cast] = await Promise.all([
      part('cdk bootstrap', () => bootstrapAccount(aws)),
      makeCast(aws, fresh ? '' : `-${Date.now().toString(36).slice(-4)}`),
    ]);
    return { aws, logFile, cast };
  });
  const [{ aws, logFile, cast }] = await Promise.all([ready, observe]);
  await part('cdk deploy, observe', () => deployAssembly(aws, folder.deployment('observe').outputFolder));
  await startCallLog(aws.endpoint);
  const connection = await connect({ stack: 'Rescind' });
  await waitFor('the subscriber to be confirmed', { withinSeconds: 30, logFile }, () => isSubscribed(aws, connection));

  screen.line();
  screen.paragraph(
    `Policy: mode observe, settle ${DEMO_SETTLE_SECONDS} s (AWS gets 30 s), at most ${DEMO_BREAKER_SUBJECTS} subjects in 15 minutes, roles BreakGlass* are never ` +
      `touched, alerts to ${receiver.url}`,
    '  ',
  );
  screen.paragraph(
    `Cast: ${cast.administrator}, an administrator. ${cast.user}, a normal user: two keys, a password, a group, two tags, a managed and an ` +
      `inline policy. ${cast.role}, a role that ${cast.user} may assume. ${cast.trail}, a trail that logs.`,
    '  ',
  );

  return {
    aws,
    logFile,
    cast,
    bus: new EventBridgeClient(operatorConfig(aws)),
    receiver,
    connection,
    screen,
    stopwatch,
    switchToEnforce: async () => {
      await screen.during('synthesise the stack, enforce', enforce);
      await part('cdk deploy, enforce', () => deployAssembly(aws, folder.deployment('enforce').outputFolder));
    },
  };
}

type Started = { readonly aws: EmbeddedAws; readonly logFile: string | undefined; readonly fresh: boolean };

async function startForThisRun(screen: Screen, leftovers: Leftovers): Promise<Started> {
  const fresh = !process.env.RESCIND_AWS_ENDPOINT;
  const starting = startEmbeddedAws({ onProgress: progressOn(screen) });
  leftovers.add(async () => {
    const started = await starting.catch(() => undefined);
    await started?.stop();
  });
  const aws = await starting;
  return { aws, logFile: aws.logFile, fresh };
}

/** The one that `rescind local` knows, so that it can be looked at afterwards and stopped with `local down`. */
async function startToStay(screen: Screen, leftovers: Leftovers): Promise<Started> {
  const starting = localUp({ onProgress: progressOn(screen) });
  leftovers.add(async () => {
    const up = await starting.catch(() => undefined);
    if (up?.started === true && process.exitCode !== 0) await localDown();
  });
  const { started, instance } = await starting;
  if (!started) {
    throw new CommandProblem(
      'An embedded AWS is kept running already, and what is in it would be mixed up with the demo: stop it with ' +
        '"npx rescind local down", or leave --keep out.',
    );
  }
  process.env.RESCIND_AWS_ENDPOINT = instance.endpoint;
  return { aws: await startEmbeddedAws(), logFile: instance.logFile, fresh: true };
}

/** Only what is new to the user: the first run installs something, and that takes its time. */
function progressOn(screen: Screen): (text: string) => void {
  return (text) => {
    if (!text.startsWith('Starting')) screen.line(`  ... ${text}`);
  };
}

/** SNS asks an HTTP subscriber whether it wants the messages; before its answer it gets none. */
async function isSubscribed(aws: EmbeddedAws, { output }: Connection): Promise<true | undefined> {
  const sns = new SNSClient(operatorConfig(aws));
  const topics = [output('PageTopicArn'), output('InformationTopicArn')];
  const answers = await Promise.all(
    topics.map((TopicArn) => sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))),
  ).finally(() => sns.destroy());
  const all = answers.flatMap(({ Subscriptions = [] }) => Subscriptions);
  return all.length >= topics.length && all.every(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'))
    ? true
    : undefined;
}
