import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { DEPLOYMENT, folder, POLICY } from './synthesised.ts';

async function warnings(policy: string): Promise<readonly string[]> {
  const files = folder({ ...DEPLOYMENT, 'rescind.yaml': policy });
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: true,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  return Annotations.fromStack(building.stack)
    .findWarning('*', Match.stringLikeRegexp('is seen'))
    .map(({ entry }) => String(entry.data));
}

describe('what is not covered is said at synth', () => {
  test('nothing is said where the home region is the one of IAM and no other is asked for', async () => {
    expect(await warnings(POLICY)).toEqual([]);
  });

  test('a home region elsewhere does not see IAM', async () => {
    const said = await warnings(POLICY.replace('home-region: us-east-1', 'home-region: eu-central-1'));
    expect(said).toEqual([
      expect.stringMatching(
        /^Nothing that happens in us-east-1, the only region in which the events of IAM exist, is seen/,
      ),
    ]);
  });

  test('other regions and accounts of the policy are named', async () => {
    const said = await warnings(`${POLICY}regions: [us-east-1, eu-west-1]\naccounts: ["222233334444"]\n`);
    expect(said).toEqual([
      expect.stringMatching(/^Nothing that happens in eu-west-1 is seen/),
      expect.stringMatching(/^Nothing that happens in the accounts 222233334444 is seen/),
    ]);
  });
});

describe('a detection rule that names no call', () => {
  test('is told at synth with what it costs, while one that does is not', async () => {
    const anyone = `title: Anything by anybody
id: 6f2c1f5e-2222-4222-8333-444455556666
logsource: { product: aws, service: cloudtrail }
detection: { a: { userAgent: Strange }, condition: a }
`;
    const root = folder({ ...DEPLOYMENT, 'rules/anyone.yml': anyone });
    const building = await buildApp({
      policyFile: join(root, 'rescind.yaml'),
      functionsFolder: join(root, 'functions'),
      outputFolder: join(root, 'out'),
      local: true,
    });
    if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
    const said = Annotations.fromStack(building.stack)
      .findInfo('*', Match.anyValue())
      .map(({ entry }) => String(entry.data));
    expect(said.filter((line) => line.includes('EventBridge'))).toEqual([
      'The EventBridge rule Rescind-any-reads delivers every management event of the account, reading calls included, ' +
        'because these detection rules name no eventName, or more than fit into 80 EventBridge rules: Anything by anybody. ' +
        'What share of your calls that is, `npx rescind rules traffic LOGS` measures on your own logs.',
    ]);
  });
});
