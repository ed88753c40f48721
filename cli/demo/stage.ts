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
import type { Leftovers } from './leftovers.ts';
import { operatorConfig } from './operator.ts';
import { type DemoPolicy, writePolicies } from './policy-folder.ts';
import type { Screen } from './screen.ts';
import type { Stopwatch } from './stopwatch.ts';
import { waitFor } from './wait-for.ts';

export type Stage = {
  readonly aws: EmbeddedAws;
  readonly logFile: string | undefined;
  readonly bus: EventBridgeClient;
  /** Who is on call. */
  readonly receiver: AlertReceiver;
  /** What opens tickets at the team's. */
  readonly bridge: AlertReceiver;
  readonly connection: Connection;
  readonly screen: Screen;
  readonly stopwatch: Stopwatch;
  /** How wide a column of the names of the play must be. */
  readonly longestName: number;
  /** Another policy of the setting, by one more deployment of the same stack. */
  readonly deploy: (policy: DemoPolicy) => Promise<void>;
};

export type StageOf<Cast> = Stage & { readonly cast: Cast };

/** What a play needs before it can begin. */
export type Setting<Cast> = {
  /** In the order of their deployment; the first one is deployed when the stage is set. */
  readonly policies: readonly [DemoPolicy, ...DemoPolicy[]];
  /** Makes everybody and everything of the play with plain calls. `suffix` keeps names apart in an AWS that is used again. */
  readonly makeCast: (aws: EmbeddedAws, suffix: string) => Promise<Cast>;
  /** Whose names the timeline will show. */
  readonly names: (cast: Cast) => readonly string[];
  /** The policy and the cast in words, a paragraph each. */
  readonly told: (cast: Cast, subscriber: string) => readonly string[];
};

export type Tools = { readonly screen: Screen; readonly stopwatch: Stopwatch; readonly leftovers: Leftovers };

/** Everything up to a deployed Rescind with a cast in the account. What is slow runs side by side. */
export async function setTheStage<Cast>(
  { screen, stopwatch, leftovers }: Tools,
  { policies, makeCast, names, told }: Setting<Cast>,
  keep: boolean,
): Promise<StageOf<Cast>> {
  const part = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (!screen.live) screen.line(`  ... ${name}`);
    return screen.during(name, stopwatch.time(name, work)).then((result) => {
      const lap = stopwatch.laps().findLast((each) => each.name === name);
      screen.line(`  ok  ${name.padEnd(34)} ${(lap?.seconds ?? 0).toFixed(1).padStart(5)} s`);
      return result;
    });
  };

  const [receiver, bridge] = await Promise.all([startAlertReceiver(), startAlertReceiver()]);
  for (const each of [receiver, bridge]) leftovers.add(() => each.stop());
  const folder = await writePolicies(policies, receiver.url, bridge.url);
  leftovers.add(folder.remove, folder.removeNow);

  const starting = part('start the embedded AWS', () => (keep ? startToStay : startForThisRun)(screen, leftovers));
  const account = process.env.RESCIND_AWS_ENDPOINT ? (await starting).aws.account : embeddedAccount;
  const synthesise = (name: string) => () => synthesiseStack({ ...folder.deployment(name), account });
  const nameOfSynthesis = (name: string) => `synthesise the stack, ${name}`;
  const [{ name: first }, ...others] = policies;
  const firstSynthesised = part(nameOfSynthesis(first), synthesise(first));
  const synthesised = new Map<string, Promise<void>>([[first, firstSynthesised]]);
  for (const { name } of others) {
    const before = [...synthesised.values()].at(-1);
    const later = Promise.resolve(before).then(() => stopwatch.time(nameOfSynthesis(name), synthesise(name)));
    // Whoever deploys it learns of its failure; until then nobody listens.
    later.catch(() => {});
    synthesised.set(name, later);
  }
  const deploy = (name: string) =>
    part(`cdk deploy, ${name}`, () => deployAssembly(aws, folder.deployment(name).outputFolder));

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
  const [{ aws, logFile, cast }] = await Promise.all([ready, firstSynthesised]);
  await deploy(first);
  await startCallLog(aws.endpoint);
  const connection = await connect({ stack: 'Rescind' });
  await waitFor('the subscriber to be confirmed', { withinSeconds: 30, logFile }, () => isSubscribed(aws, connection));

  screen.line();
  for (const text of told(cast, receiver.url)) screen.paragraph(text, '  ');

  return {
    aws,
    logFile,
    cast,
    bus: new EventBridgeClient(operatorConfig(aws)),
    receiver,
    bridge,
    connection,
    screen,
    stopwatch,
    longestName: Math.max(...names(cast).map((name) => name.length)),
    deploy: async ({ name }) => {
      await screen.during(nameOfSynthesis(name), Promise.resolve(synthesised.get(name)));
      await deploy(name);
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
  const topics = [output('PageTopicArn'), output('InformationTopicArn'), output('TicketsTopicArn')];
  const answers = await Promise.all(
    topics.map((TopicArn) => sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))),
  ).finally(() => sns.destroy());
  const all = answers.flatMap(({ Subscriptions = [] }) => Subscriptions);
  // Not every play has somebody for its tickets.
  return all.length >= 2 && all.every(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'))
    ? true
    : undefined;
}
