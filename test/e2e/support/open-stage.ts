import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { inject } from 'vitest';
import { putOnBus } from '../../../cli/staging/event-bus.ts';
import { functionLog } from '../../../cli/staging/function-log.ts';
import { createCaseStore } from '../../../shared/aws/case-store.ts';
import type { Case } from '../../../shared/cases/case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { IamCall } from './iam-front.ts';
import { operatorConfig, type StageFacts } from './stage.ts';
import { wholeStory } from './whole-story.ts';

/** An alert as the loopback subscriber got it. */
export type StageAlert = {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** One call takes long when many scenarios want the same function, which the emulator runs one at a time. */
export const PATIENCE_MS = 120_000;
const EVERY_MS = 250;
/** With no execution running, nothing more happens to a case after this. */
const REST_MS = 15_000;

/** A deployed Rescind, and an operator's clients for the account that it is deployed to. */
export async function openStage(name: 'main' | 'narrow') {
  const facts = await ask<StageFacts>(`${name}/facts`);
  const config = operatorConfig(facts);
  const iam = new IAMClient(config);
  const lambda = new LambdaClient(config);
  const bus = new EventBridgeClient(config);
  const flows = new SFNClient(config);
  const output = (key: string): string => {
    const value = facts.outputs[key];
    if (value === undefined) throw new Error(`The stack has no output ${key}.`);
    return value;
  };
  const store = createCaseStore(
    new DynamoDBClient(config),
    { cases: output('CasesTable'), state: output('StateTable') },
    { now: () => new Date() },
  );
  const alerts = () => ask<readonly StageAlert[]>(`${name}/alerts`);

  /** Asks until there is an answer. When there is none in time, the error says what was seen instead. */
  async function waitFor<T>(what: string, look: () => Promise<T | undefined>, seen: () => Promise<string>): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await look();
      if (answer !== undefined) return answer;
      if (performance.now() > deadline) {
        throw new Error(
          `Waited ${PATIENCE_MS / 1000} s for ${what}, in vain.\n${await seen()}\n${await lastLogLines()}`,
        );
      }
      await pause(EVERY_MS);
    }
  }

  async function lastLogLines(): Promise<string> {
    if (facts.logFile === undefined) return `Look at the log of ${facts.endpoint}.`;
    const lines = (await readFile(facts.logFile, 'utf8')).trimEnd().split('\n').slice(-12);
    return ['Last lines of the log of the embedded AWS:', ...lines].join('\n');
  }

  const settingsOf = (job: string) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `Rescind-${job}` }));

  /** What a function wrote to its log about something; the newest last. */
  async function logged(job: string, about: string): Promise<readonly string[]> {
    const { LoggingConfig } = await settingsOf(job);
    if (LoggingConfig?.LogGroup === undefined) throw new Error(`Nobody says where ${job} writes its log.`);
    return functionLog(config, LoggingConfig.LogGroup, about);
  }

  async function story(caseId: string): Promise<string> {
    const logs = await Promise.all(
      ['plan', 'contain', 'verify', 'restore', 'notify'].map((job) => logged(job, caseId).then((all) => all.slice(-3))),
    );
    return [await wholeStory(store, caseId), 'last words of the functions:', ...logs.flat()].join('\n');
  }

  /** The executions of a case by name and how they stand. */
  async function executionsOf(caseId: string): Promise<Readonly<Record<string, string>>> {
    const { executions = [] } = await flows.send(
      new ListExecutionsCommand({ stateMachineArn: output('StateMachineArn'), maxResults: 1000 }),
    );
    const own = executions.filter(({ name: execution }) => execution?.startsWith(caseId));
    return Object.fromEntries(own.map((each) => [String(each.name).slice(caseId.length + 1), String(each.status)]));
  }

  return {
    facts,
    config,
    iam,
    bus,
    store,
    output,
    alerts,
    waitFor,
    story,
    lastLogLines,
    logged,
    lambda,
    settingsOf,
    sqs: new SQSClient(config),
    ssm: new SSMClient(config),
    flows,

    /** Puts a record on the bus: another one, or the same once more. */
    publish: (record: JsonObject) => putOnBus(bus, record),

    /** The open case about a subject, once there is one. */
    openCaseOf: (subjectKey: string): Promise<Case> =>
      waitFor(
        `a case about ${subjectKey}`,
        () => openCaseOf(store, subjectKey),
        async () => `Cases: ${(await store.list()).map((each) => `${each.caseId} ${each.subject.key}`).join(', ')}`,
      ),

    /** Every case that there ever was about a subject. */
    casesOf: async (subjectKey: string): Promise<readonly Case[]> =>
      (await store.list()).filter(({ subject }) => subject.key === subjectKey),

    executionsOf,

    /** The case as soon as it is as wanted. One that rests as something else will not be, and is not waited for. */
    until: (caseId: string, what: string, wanted: (found: Case) => boolean): Promise<Case> => {
      let [revision, since] = [-1, performance.now()];
      return waitFor(
        `${caseId} to be ${what}`,
        async () => {
          const found = await store.read(caseId);
          if (found === undefined) return undefined;
          if (wanted(found)) return found;
          if (found.revision !== revision) [revision, since] = [found.revision, performance.now()];
          if (performance.now() - since < REST_MS) return undefined;
          if (Object.values(await executionsOf(caseId)).includes('RUNNING')) return undefined;
          // The last execution may have ended it between the two looks.
          const rested = await store.read(caseId);
          if (rested?.revision !== found.revision) return undefined;
          throw new Error(`${caseId} came to rest and is not ${what}.\n${await story(caseId)}`);
        },
        () => story(caseId),
      );
    },

    /** Until a change stands in the ledger; by the first words of its key. */
    untilDone: (caseId: string, entry: string): Promise<true> =>
      waitFor(
        `${entry} of ${caseId} to be done`,
        async () => {
          const ledger = await store.ledger(caseId);
          return ledger.some(({ key, state }) => key.startsWith(entry) && state === 'done') ? true : undefined;
        },
        () => story(caseId),
      ),

    /** The executions of a case by name, once none is running, and how they ended. */
    untilEnded: (caseId: string): Promise<Readonly<Record<string, string>>> =>
      waitFor(
        `every execution of ${caseId} to end`,
        async () => {
          const executions = await executionsOf(caseId);
          return Object.values(executions).includes('RUNNING') ? undefined : executions;
        },
        () => story(caseId),
      ),

    /** Every alert of a case, after the outbox has been worked off. */
    alertsOf: async (caseId: string): Promise<readonly StageAlert[]> => {
      const sent = await waitFor(
        `every alert of ${caseId} to be sent`,
        async () => {
          const outbox = await store.outbox(caseId);
          const settled = outbox.every((item) => item.deliveredAt !== undefined || item.superseded === true);
          return settled && outbox.length > 0
            ? outbox.filter(({ deliveredAt }) => deliveredAt !== undefined)
            : undefined;
        },
        () => story(caseId),
      );
      return waitFor(
        `${sent.length} alerts of ${caseId} to arrive`,
        async () => {
          const arrived = (await alerts()).filter(({ attributes }) => attributes.case === caseId);
          return arrived.length >= sent.length ? arrived : undefined;
        },
        () => story(caseId),
      );
    },

    /** What the functions changed in IAM about one user or role, in order; undefined where nobody wrote it down. */
    changesOf: async (name_: string): Promise<readonly string[] | undefined> => {
      if (!facts.countsIamCalls) return undefined;
      const calls = await ask<readonly IamCall[]>(`${name}/iam-calls`);
      return calls
        .filter(({ parameters }) => parameters.UserName === name_ || parameters.RoleName === name_)
        .filter(({ operation }) => !/^(Get|List)/.test(operation))
        .map(({ operation, parameters: { AccessKeyId, PolicyArn, PolicyName, Status } }) =>
          [operation, AccessKeyId ?? PolicyArn ?? PolicyName, Status].filter((word) => word !== undefined).join(' '),
        );
    },
  };
}

export type OpenStage = Awaited<ReturnType<typeof openStage>>;

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(`${inject('stageDoor')}/${path}`);
  if (!answer.ok) throw new Error(`The stage could not be set: ${await answer.text()}`);
  return (await answer.json()) as T;
}
