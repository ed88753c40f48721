import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { bootstrapAccount, deployAssembly, synthesiseStack } from '../../cli/embedded-aws/deploy-stack.ts';
import { startEmbeddedAws } from '../../cli/embedded-aws/start-embedded-aws.ts';
import { putOnBus } from '../../cli/staging/event-bus.ts';
import { systemClock } from '../../functions/system.ts';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { openCaseOf } from '../../shared/cases/open-case.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { inBenchFolder } from './bench-folder.ts';
import { type Bench, type Figure, median } from './figure.ts';

const project = join(import.meta.dirname, '..', '..');
/** Odd, and many: a shared machine scatters by a third and more. */
const RUNS = 11;
const LIMIT = 4;
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** From PutEvents to the deny being visible, against a bare Lambda that makes the one attach call, on the same emulator. */
export const measureLatency: Bench = (progress) => inBenchFolder((folder) => measureIn(folder, progress));

async function measureIn(folder: string, progress: (text: string) => void): Promise<readonly Figure[]> {
  const aws = await startEmbeddedAws();
  try {
    const config = {
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
    };
    progress('deploying the stack');
    await cp(join(project, 'rules'), join(folder, 'rules'), { recursive: true });
    await writeFile(join(folder, 'rescind.yaml'), POLICY);
    const assembly = join(folder, 'assembly');
    await Promise.all([
      synthesiseStack({ policyFile: join(folder, 'rescind.yaml'), outputFolder: assembly, account: aws.account }),
      bootstrapAccount(aws),
    ]);
    await deployAssembly(aws, assembly);
    const { Stacks } = await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: 'Rescind' }));
    const output = (name: string) =>
      Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue ?? '';
    const quarantine = output('QuarantinePolicyArn');
    const store = createCaseStore(
      new DynamoDBClient(config),
      { cases: output('CasesTable'), state: output('StateTable') },
      systemClock,
    );
    await makeBareLambda(config, quarantine);

    const iam = new IAMClient(config);
    const bus = new EventBridgeClient(config);
    const lambda = new LambdaClient(config);
    const measureOnce = async (name: string): Promise<Timing> => {
      const bareUser = await makeUser(iam, `bare-${name}`);
      const bareStart = Date.now();
      await putOnBus(bus, { eventSource: 'bare.amazonaws.com', eventType: 'AwsApiCall', userName: bareUser.name });
      const bare = (await visible(iam, bareUser.name, quarantine)) - bareStart;

      const user = await makeUser(iam, `ours-${name}`);
      const start = Date.now();
      await putOnBus(bus, recordOf(user, aws.account));
      const ours = (await visible(iam, user.name, quarantine)) - start;
      return { bare, ours, ...(await partsOf(store, user, start)) };
    };

    const cold: Timing[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      progress(`cold run ${run} of ${RUNS}`);
      await coolDown(lambda, 1024 + run);
      cold.push(await measureOnce(`cold-${run}`));
    }
    const warm: Timing[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      progress(`warm run ${run} of ${RUNS}`);
      warm.push(await measureOnce(`warm-${run}`));
    }
    return [...figuresOf('cold', cold, LIMIT), ...figuresOf('warm', warm)];
  } finally {
    await aws.stop();
  }
}

/** Milliseconds, each since the one before it. */
type Timing = {
  readonly bare: number;
  readonly ours: number;
  readonly evaluate: number;
  readonly plan: number;
  readonly contain: number;
};

async function partsOf(store: CaseStore, user: BenchUser, start: number) {
  const found = await openCaseOf(store, `user:${user.id}`);
  if (found === undefined) throw new Error(`No case was opened for ${user.name}.`);
  const plan = await store.plan(found.caseId, 1);
  const opened = Date.parse(found.openedAt);
  const plannedAt = Date.parse(plan?.plannedAt ?? '');
  const denied = Date.parse(await denyOf(store, found.caseId));
  return { evaluate: opened - start, plan: plannedAt - opened, contain: denied - plannedAt };
}

/** When the ledger says that the deny was made, which it does a moment after the deny can be seen. */
async function denyOf(store: CaseStore, caseId: string): Promise<string> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const [deny] = await store.ledger(caseId);
    const made = deny?.history?.[0]?.at;
    if (made !== undefined) return made;
    await pause(10);
  }
  throw new Error(`The ledger of ${caseId} does not say that the deny was made.`);
}

/** A function of another size starts anew at its next call, as after a long time without one: the state in which an attack finds it. */
async function coolDown(lambda: LambdaClient, megabytes: number): Promise<void> {
  for (const name of ['Rescind-evaluate', 'Rescind-plan', 'Rescind-contain', 'bare']) {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, MemorySize: megabytes }));
  }
}

function figuresOf(state: 'cold' | 'warm', timings: readonly Timing[], limit?: number): readonly Figure[] {
  const of = (part: keyof Timing): number => median(timings.map((timing) => timing[part]));
  const ratio = of('ours') / of('bare');
  const row = (what: string, part: keyof Timing): Figure => ({ bench: 'latency', what, value: `${of(part)} ms` });
  return [
    {
      bench: 'latency',
      what: `${state}: PutEvents to visible deny, times a bare Lambda (medians of ${timings.length})`,
      value: `${ratio.toFixed(1)} (${of('ours')} of ${of('bare')} ms)`,
      ...(limit === undefined ? {} : { limit: String(limit), within: ratio <= limit }),
    },
    row(`${state}: bus, evaluate, until the case is open`, 'evaluate'),
    row(`${state}: state machine, plan, until the plan is kept (contain starts up meanwhile)`, 'plan'),
    row(`${state}: state machine, contain, until the deny is made`, 'contain'),
  ];
}

const POLICY = `version: 1
home-region: us-east-1
mode: enforce
protected: [ "arn:aws:iam::*:role/BreakGlass*" ]
breaker: { subjects: 1000, window: 15 m }
timing: { settle: 2 s }
`;

type BenchUser = { readonly name: string; readonly id: string; readonly arn: string };

async function makeUser(iam: IAMClient, name: string): Promise<BenchUser> {
  const { User } = await iam.send(new CreateUserCommand({ UserName: name }));
  await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: ADMINISTRATOR }));
  return { name, id: User?.UserId ?? '', arn: User?.Arn ?? '' };
}

/**
 * When the deny can be read: late by at most a twentieth, or 3 ms. Looking all the time would keep the emulator busy,
 * which answers one call after the other, and slow down what takes longer more than what takes less.
 */
async function visible(iam: IAMClient, name: string, policy: string): Promise<number> {
  const start = Date.now();
  while (Date.now() < start + 60_000) {
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: name }));
    if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policy)) return Date.now();
    await pause(Math.max(3, (Date.now() - start) / 20));
  }
  throw new Error(`The deny on ${name} did not become visible within a minute.`);
}

type Config = { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

/** The least that could be done: one function behind the same bus that attaches the policy to whom the event names. */
async function makeBareLambda(config: Config, policyArn: string): Promise<void> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { AttachUserPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
const iam = new IAMClient({});
export const handler = (event) => iam.send(new AttachUserPolicyCommand({ UserName: event.detail.userName, PolicyArn: '${policyArn}' })).then(() => undefined);`,
      resolveDir: project,
    },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error('The bare Lambda was not built.');
  const lambda = new LambdaClient(config);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'bare',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::111122223333:role/bare',
      Code: { ZipFile: zipSync({ 'index.js': code }) },
      MemorySize: 1024,
      Timeout: 30,
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'bare',
      StatementId: 'bus',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    }),
  );
  const bus = new EventBridgeClient(config);
  await bus.send(new PutRuleCommand({ Name: 'bare', EventPattern: JSON.stringify({ source: ['aws.bare'] }) }));
  await bus.send(new PutTargetsCommand({ Rule: 'bare', Targets: [{ Id: 'bare', Arn: FunctionArn ?? '' }] }));
}

function recordOf(user: BenchUser, account: string): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: user.id,
      arn: user.arn,
      accountId: account,
      accessKeyId: 'AKIABENCH00000000000',
      userName: user.name,
    },
    eventTime: `${new Date().toISOString().slice(0, 19)}Z`,
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachUserPolicy',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'bench',
    requestParameters: { userName: user.name, policyArn: ADMINISTRATOR },
    responseElements: null,
    eventID: `bench-${user.id}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  };
}
