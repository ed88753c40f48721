import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { acknowledgementsOf, acknowledgementTable } from '../../infra/checks/acknowledgements.ts';
import { DEPLOYMENT, folder } from './synthesised.ts';

/** As for AWS, with every check of the templates on. */
async function build(): Promise<App> {
  const files = folder(DEPLOYMENT, afterAll);
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: false,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  return building.app;
}

let app: App;
beforeAll(async () => {
  app = await build();
});

type Finding = { readonly rule: string; readonly constructPath: string };

/** What the packs would find if nothing was acknowledged. */
function bareFindings(root: IConstruct, packs: readonly NagPack[]): readonly Finding[] {
  const nodes = root.node.findAll().map(({ node }) => node);
  for (const node of nodes) Object.defineProperty(node, 'metadata', { get: () => [], configurable: true });
  try {
    return packs.flatMap((pack) =>
      pack
        .validateScope(root)
        .violations.flatMap(({ ruleName: rule, violatingResources }) =>
          violatingResources.map(({ constructPath = '' }) => ({ rule, constructPath })),
        ),
    );
  } finally {
    for (const node of nodes) Reflect.deleteProperty(node, 'metadata');
  }
}

describe('the checks of the templates', () => {
  // The CDK's own check compiles its rules first, which takes seconds of a processor that other tests use too.
  test('find nothing', { timeout: 120_000 }, () => {
    expect(() => app.synth()).not.toThrow();
  });

  test('stop a synth that they find something in', () => {
    const careless = new Stack(app, 'Careless');
    new Queue(careless, 'Queue');
    expect(() => app.synth({ force: true })).toThrow('The SQS queue does not require requests to use SSL');
    app.node.tryRemoveChild(careless.node.id);
  });
});

describe('the acknowledgements', () => {
  test('each stands for a finding that is there, on the construct that has it', () => {
    const findings = bareFindings(app, [new AwsSolutionsChecks(app), new ServerlessChecks(app)]);
    const acknowledgements = acknowledgementsOf(app);
    expect(acknowledgements.length).toBeGreaterThan(0);
    const idle = acknowledgements.filter(
      ({ finding, constructPath }) =>
        !findings.some((found) => found.rule === finding && `${found.constructPath}/`.startsWith(`${constructPath}/`)),
    );
    expect(idle).toEqual([]);
  });

  test('are at most ten distinct pairs of finding and reason, and each has a reason', () => {
    const acknowledgements = acknowledgementsOf(app);
    const pairs = new Set(acknowledgements.map(({ finding, reason }) => `${finding} ${reason}`));
    expect(pairs.size).toBeLessThanOrEqual(10);
    for (const { reason } of acknowledgements) expect(reason.length).toBeGreaterThan(30);
  });

  test('name one construct each, never the stack or the app', () => {
    for (const { constructPath } of acknowledgementsOf(app)) expect(constructPath.split('/').length).toBeGreaterThan(2);
  });

  test('make a table with one row for each pair', () => {
    const stack = new Stack(undefined, 'S');
    const [a, b] = [new Queue(stack, 'A'), new Queue(stack, 'B')];
    Validations.of(a).acknowledge({ id: 'Pack-X', reason: 'Because.' });
    Validations.of(b).acknowledge({ id: 'Pack-X', reason: 'Because.' }, { id: 'Pack-Y[Resource::*]', reason: 'So.' });
    expect(acknowledgementTable(acknowledgementsOf(stack)).split('\n')).toEqual([
      '| finding | on | why it stays |',
      '|---|---|---|',
      '| `Pack-X` | `S/A`, `S/B` | Because. |',
      '| `Pack-Y[Resource::*]` | `S/B` | So. |',
    ]);
  });
});
