import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { CommandProblem } from '../../cli/stack/problem.ts';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { readDeployment } from '../../infra/configuration/read-deployment.ts';
import { FUNCTION_ENVIRONMENT } from '../../shared/config/environment.ts';
import type { JsonObject } from '../../shared/json.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import { inBenchFolder } from './bench-folder.ts';
import { type Bench, median } from './figure.ts';
import { type AwsCall, startStubAws } from './handler/stub-aws.ts';
import { ACCOUNT } from './traffic/calls.ts';
import { createRandom } from './traffic/random.ts';
import { createTraffic } from './traffic/records.ts';

const SEED = 20261121;
const EVENTS = 4_000;
const ROUNDS = 5;
const LIMITS = { milliseconds: 0.05, calls: 0, writes: 1 };
const WRITE = /^(?:Put|Update|Delete|Transact.*Write|BatchWrite|Send|Start)/;
const project = join(import.meta.dirname, '..', '..');

/** What the shipped evaluate takes for an event that no rule is about, and what it asks of AWS before it opens a case. */
export const measureHandler: Bench = async (progress) => {
  const deployment = readDeployment(join(project, 'rescind.yaml'), { local: false });
  if (deployment.kind === 'problems')
    throw new CommandProblem('rescind.yaml or its rules do not compile: run "npx cdk synth".');
  const { compiled } = deployment;
  return inBenchFolder(async (folder) => {
    await bundleFunctions({
      jobs: ['evaluate'],
      source: join(project, 'functions'),
      outputFolder: folder,
      compiled,
    });
    const { tests } = compileRuleFiles(readRuleFolders(['rules']));
    const examples = tests
      .filter(({ match, events }) => match && events.length === 1)
      .flatMap(({ events }) => events)
      .filter(({ recipientAccountId }) => recipientAccountId === ACCOUNT);
    const { evaluate } = createEvaluator(compiled.rules, { regex: re2Regex, cidr: ipaddrCidr });
    const make = createTraffic(createRandom(SEED), { examples: [] });
    const benign = Array.from({ length: EVENTS }, (_, index) => make(index)).filter(
      (record) => evaluate(record).matches.length === 0,
    );
    const quiet = join(folder, 'benign.json');
    await writeFile(quiet, JSON.stringify(benign.map(eventOf)));

    const aws = await startStubAws();
    const handler = startHandler(environment(aws.endpoint));
    try {
      const file = join(folder, 'evaluate', 'handler.mjs');
      progress(`warming up with ${benign.length} events`);
      await handler.run({ file, events: quiet, rounds: 1 });
      progress(`measuring ${ROUNDS * benign.length} events`);
      const times = await handler.run({ file, events: quiet, rounds: ROUNDS });
      const callsOfBenign = aws.calls.splice(0).length;
      progress(`opening cases with ${examples.length} examples of the rules`);
      const openings: Opening[] = [];
      for (const [number, example] of examples.entries()) {
        const loud = join(folder, `matching-${number}.json`);
        await writeFile(loud, JSON.stringify([eventOf(example)]));
        await handler.run({ file, events: loud, rounds: 1 });
        openings.push(...openingOf(aws.calls.splice(0)));
      }
      const most = (of: (opening: Opening) => number): number => Math.max(...openings.map(of));
      const writes = most((opening) => opening.writes);

      const sorted = [...times].sort((a, b) => a - b);
      const p50 = median(sorted);
      const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
      return [
        {
          bench: 'handler',
          what: `evaluate, an event that no rule is about: p50 of ${times.length} (p99)`,
          value: `${p50.toFixed(3)} ms (${p99.toFixed(3)} ms)`,
          limit: `${LIMITS.milliseconds} ms`,
          within: p50 <= LIMITS.milliseconds,
        },
        {
          bench: 'handler',
          what: 'evaluate, an event that no rule is about: calls of AWS',
          value: `${callsOfBenign}`,
          limit: `${LIMITS.calls}`,
          within: callsOfBenign <= LIMITS.calls,
        },
        {
          bench: 'handler',
          what: `evaluate, each of ${openings.length} events that open a case: conditional writes before it`,
          value: `${writes} at most, in ${most((opening) => opening.calls)} calls at most`,
          limit: `${LIMITS.writes}`,
          within: openings.length > 0 && writes <= LIMITS.writes,
        },
      ];
    } finally {
      handler.stop();
      aws.stop();
    }
  });
};

type Opening = { readonly calls: number; readonly writes: number };

/** What was asked of AWS before the case was written; nothing where no case was. */
function openingOf(calls: readonly AwsCall[]): Opening[] {
  const opened = calls.findIndex(({ input }) => JSON.stringify(input.TransactItems ?? null).includes('"CASE#'));
  const before = calls.slice(0, opened);
  return opened < 0 ? [] : [{ calls: opened, writes: before.filter(({ operation }) => WRITE.test(operation)).length }];
}

function environment(endpoint: string): NodeJS.ProcessEnv {
  const known: Readonly<Record<string, string>> = {
    ACCOUNT_ID: ACCOUNT,
    STATE_MACHINE_ARN: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:remediate`,
    PARKING_QUEUE_URL: `${endpoint}/${ACCOUNT}/parked`,
  };
  return {
    PATH: process.env.PATH,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'embedded',
    AWS_MAX_ATTEMPTS: '1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...Object.fromEntries(FUNCTION_ENVIRONMENT.evaluate.map((name) => [name, known[name] ?? name.toLowerCase()])),
  };
}

type Order = { readonly file: string; readonly events: string; readonly rounds: number };

/** A process of its own that calls the handler with the events of a file; gives the milliseconds of each call. */
function startHandler(env: NodeJS.ProcessEnv) {
  const child = fork(join(import.meta.dirname, 'handler', 'run-handler.mjs'), {
    execArgv: [],
    env,
    // The handler's log is not what is measured.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let answered: { readonly resolve: (times: readonly number[]) => void; readonly reject: (error: Error) => void };
  child.on('message', (times: readonly number[]) => answered.resolve(times));
  child.on('exit', (code) => answered.reject(new Error(`The process of the handler ended with ${code}.`)));
  return {
    run: (order: Order) =>
      new Promise<readonly number[]>((resolve, reject) => {
        answered = { resolve, reject };
        child.send(order);
      }),
    stop: () => child.disconnect(),
  };
}

function eventOf(record: JsonObject): JsonObject {
  return {
    version: '0',
    source: `aws.${String(record.eventSource).replace('.amazonaws.com', '')}`,
    'detail-type': 'AWS API Call via CloudTrail',
    account: ACCOUNT,
    region: 'us-east-1',
    detail: record,
  };
}
