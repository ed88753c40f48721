import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDeployment } from '../../infra/configuration/read-deployment.ts';
import { formatPolicyProblem } from '../../shared/config/policy-problem.ts';
import { folder, POLICY, READ_RULE, RULE } from './synthesised.ts';

const project = join(import.meta.dirname, '..', '..');

function problemsOf(files: Readonly<Record<string, string>>, local = false): readonly string[] {
  const path = folder(files);
  const deployment = readDeployment(join(path, 'rescind.yaml'), { local });
  if (deployment.kind === 'ready') return [];
  return deployment.problems.map((problem) => formatPolicyProblem(problem).replace(`${path}/`, ''));
}

const BAD_POLICY = POLICY.replace('version: 1\n', 'version: 1\ncolour: red\n').replace(
  'rules:\n  - rules\n',
  'rules:\n  - rules\n  - missing\n',
);
const BAD_RULE = RULE.replace('level: high', 'level: severe');

describe('the policy and the rules', () => {
  test('are compiled into one asset when nothing is wrong', () => {
    const path = folder({ 'rescind.yaml': POLICY, 'rules/b.yml': RULE, 'rules/deep/a.yaml': READ_RULE });
    const deployment = readDeployment(join(path, 'rescind.yaml'), { local: false });
    expect(deployment).toMatchObject({ kind: 'ready', compiled: { policy: { mode: 'enforce' } } });
    const files = deployment.kind === 'ready' ? deployment.compiled.rules.map(({ header }) => header.file) : [];
    expect(files).toEqual(['rules/b.yml', 'rules/deep/a.yaml']);
  });

  test('are the same asset on every machine, wherever the project lies', () => {
    const version = () => {
      const path = folder({ 'rescind.yaml': POLICY, 'rules/b.yml': RULE, 'rules/a.yml': READ_RULE });
      const deployment = readDeployment(join(path, 'rescind.yaml'), { local: false });
      return deployment.kind === 'ready' ? deployment.compiled.version : 'problems';
    };
    expect(version()).toMatch(/^[0-9a-f]{64}$/);
    expect(version()).toBe(version());
  });

  test('a policy that is not there is one problem, with what to do', () => {
    expect(problemsOf({})).toEqual([
      'rescind.yaml:1:1: cannot be read (ENOENT): name your policy with --context policy=FILE',
    ]);
  });

  test('all problems of one rule file and of another come together', () => {
    const problems = problemsOf({ 'rescind.yaml': POLICY, 'rules/a.yml': BAD_RULE, 'rules/b.yml': 'title: nothing\n' });
    expect(problems.some((line) => line.startsWith('rules/a.yml:4:'))).toBe(true);
    expect(problems.some((line) => line.startsWith('rules/b.yml:1:'))).toBe(true);
  });

  test('a rule that locks needs a response that says for how long', () => {
    const rule = RULE.replace('respond: contain', 'respond: lock');
    expect(problemsOf({ 'rescind.yaml': POLICY, 'rules/a.yml': rule })).toEqual([
      expect.stringMatching(
        /^rules\/a\.yml:11:3: lock must say for how long: give the first response .* a time, e\.g\. for: 4 h$/,
      ),
    ]);
    const timed = `${POLICY}responses: [{ when: { path: rules }, for: 4 h }]\n`;
    expect(problemsOf({ 'rescind.yaml': timed, 'rules/a.yml': rule })).toEqual([]);
  });

  test('a rule that names a playbook which does not exist is refused where it does', () => {
    const rule = RULE.replace('respond: contain', 'respond: vanish');
    expect(problemsOf({ 'rescind.yaml': POLICY, 'rules/a.yml': rule })).toEqual([
      expect.stringMatching(/^rules\/a\.yml:11:3: unknown playbook "vanish"/),
    ]);
  });

  test('two rules of one id are refused', () => {
    const problems = problemsOf({ 'rescind.yaml': POLICY, 'rules/a.yml': RULE, 'rules/b.yml': RULE });
    expect(problems).toEqual([expect.stringMatching(/^rules\/b\.yml:2:1: the id 6f2c1f5e/)]);
  });

  test('a settle time too short for AWS is taken only for the embedded AWS', () => {
    const policy = POLICY.replace('settle: 30 s', 'settle: 2 s');
    expect(problemsOf({ 'rescind.yaml': policy, 'rules/a.yml': RULE })).toEqual([
      expect.stringMatching(/^rescind\.yaml:8:\d+: timing\.settle: /),
    ]);
    expect(problemsOf({ 'rescind.yaml': policy, 'rules/a.yml': RULE }, true)).toEqual([]);
  });
});

describe('the app', () => {
  function synthesise(files: Readonly<Record<string, string>>, context: Readonly<Record<string, string>> = {}) {
    const path = folder(files);
    return spawnSync(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
      cwd: project,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: join(path, 'out'),
        CDK_CONTEXT_JSON: JSON.stringify({ policy: join(path, 'rescind.yaml'), ...context }),
        CDK_DEFAULT_ACCOUNT: '123456789012',
      },
    });
  }

  test('prints every problem of policy and rules as file:line:column and exits with 1, without a stack trace', () => {
    const { status, stderr, stdout } = synthesise({ 'rescind.yaml': BAD_POLICY, 'rules/a.yml': BAD_RULE });
    const lines = stderr.trim().split('\n');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(lines).toEqual([
      expect.stringMatching(/rescind\.yaml:2:1: colour: /),
      expect.stringMatching(/rescind\.yaml:14:\d+: rules\[1\]: there is no folder "missing"/),
      expect.stringMatching(/^rules\/a\.yml:4:\d+: /),
    ]);
  });

  test('refuses to go to AWS as a local stack', () => {
    const { status, stderr } = synthesise({ 'rescind.yaml': POLICY, 'rules/a.yml': RULE }, { local: 'true' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^--context local=true is for an embedded AWS only.* account 123456789012\./);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('what rules refer to in the policy', () => {
  const SECRET_RULE = (
    only: string,
    detection = 'eventSource: secretsmanager.amazonaws.com',
  ): string => `title: Secret read
id: 6f2c1f5e-1111-4222-8333-444455558888
logsource: { product: aws, service: cloudtrail }
level: high
detection:
  read:
    ${detection}
    eventName: GetSecretValue
  condition: read
rescind:
  only: ${only}
`;
  const SENSITIVE = "sensitive: ['arn:aws:secretsmanager:*:*:secret:finance/*']\n";
  const deployed = (policy: string, rule: string) => {
    const path = folder({
      'rescind.yaml': `${POLICY}${policy}`,
      'rules/a.yml': rule,
      'lists/exits.txt': '203.0.113.0/24\n',
    });
    return readDeployment(join(path, 'rescind.yaml'), { local: false });
  };

  test.each([
    [
      'a schedule that is not there',
      '',
      '{ outside: busines-hours }',
      '11:20: there is no schedule "busines-hours": did you mean business-hours?',
    ],
    [
      'a list that is not there',
      '',
      '{ in-list: { sourceIPAddress: exits } }',
      '11:39: there is no list "exits": add it to rescind.yaml',
    ],
    [
      'what is seen first of a service that is not recorded',
      '',
      '{ first-seen: [actor, resource] }',
      '11:11: `first-seen` needs the calls of secretsmanager to be recorded, or all would be seen first: add secretsmanager under `record: services:` in rescind.yaml',
    ],
  ])('are problems with their place when they name %s', (_, policy, only, message) => {
    expect(problemsOf({ 'rescind.yaml': `${POLICY}${policy}`, 'rules/a.yml': SECRET_RULE(only) })).toEqual([
      `rules/a.yml:${message}`,
    ]);
  });

  test('are a problem where what is seen first could be of any service', () => {
    const rule = SECRET_RULE('{ first-seen: [actor] }', 'awsRegion: us-east-1');
    const policy = `${POLICY}record: { services: [secretsmanager] }\n`;
    expect(problemsOf({ 'rescind.yaml': policy, 'rules/a.yml': rule })).toEqual([
      'rules/a.yml:11:11: `first-seen` needs a detection that says which services it looks at: add `eventSource`',
    ]);
  });

  test('travel with the rules, lists with the values of their files', () => {
    const deployment = deployed(
      `${SENSITIVE}lists: { exits: lists/exits.txt }\nrecord: { services: [secretsmanager] }\n`,
      SECRET_RULE(
        '{ outside: business-hours, sensitive: true, in-list: { sourceIPAddress: exits }, first-seen: [resource, actor] }',
      ),
    );
    expect(deployment).toMatchObject({
      kind: 'ready',
      notices: [],
      compiled: {
        policy: { lists: { exits: ['203.0.113.0/24'] } },
        rules: [
          {
            only: {
              outside: ['business-hours'],
              sensitive: true,
              inList: { sourceIPAddress: 'exits' },
              firstSeen: ['actor', 'resource'],
            },
          },
        ],
      },
    });
  });

  test('give their values to `|expand`', () => {
    const rule = SECRET_RULE('{ outside: business-hours }', "sourceIPAddress|expand: '%exits%'");
    const deployment = deployed('lists: { exits: [198.51.100.7] }\n', rule);
    expect(deployment.kind).toBe('ready');
    expect(JSON.stringify(deployment)).toContain('"text":"198.51.100.7"');
    expect(deployed('', rule)).toMatchObject({ kind: 'problems' });
  });

  test('keep a rule back that could not fire, and say so, also where it asks for what is not recorded', () => {
    const rule = SECRET_RULE('{ sensitive: true, first-seen: [actor, resource] }');
    const asleep = deployed('', rule);
    expect(asleep).toMatchObject({
      kind: 'ready',
      compiled: { rules: [] },
      notices: ['Left out until `sensitive` in rescind.yaml names a resource: Secret read.'],
    });
    expect(deployed(SENSITIVE, rule)).toMatchObject({ kind: 'problems' });
    expect(deployed(`${SENSITIVE}record: { services: [secretsmanager] }\n`, rule)).toMatchObject({
      kind: 'ready',
      compiled: { rules: [expect.anything()] },
      notices: [],
    });
  });
});
