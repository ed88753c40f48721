import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { ESCALATION_PATHS } from '../../infra/checks/escalation-paths.ts';
import { evaluatePolicy, type PolicyStatement } from '../../infra/checks/evaluate-policy.ts';
import { isPossible } from '../../infra/checks/find-escalations.ts';
import { RESIDUAL_POWERS } from '../../infra/checks/residual-powers.ts';
import { roleNamesOf } from '../../infra/checks/role-permissions.ts';
import { rolePolicies, trustOf } from '../../infra/checks/role-policies.ts';
import { DEPLOYMENT, folder, POLICY } from './synthesised.ts';

const EVERYTHING_ELSE = `identity-center:
  instance: arn:aws:sso:::instance/ssoins-1234567890abcdef
  store: d-1234567890
  region: eu-central-1
  contain: true
guard:
  management-account: "999988887777"
`;

let roles: ReadonlyMap<string, readonly PolicyStatement[]> = new Map();
let template: object = {};

beforeAll(async () => {
  // With everything that may be switched on: what is possible then is all that ever is.
  const files = folder({ ...DEPLOYMENT, 'rescind.yaml': `${POLICY}${EVERYTHING_ELSE}` }, afterAll);
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: true,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  template = Template.fromStack(building.stack).toJSON();
  roles = new Map(roleNamesOf(template).map((name) => [name, rolePolicies(template, name)]));
}, 60_000);

const isIamWrite = (action: string) => /^iam:(?!Get|List)/.test(action);
const powersOf = (role: string) =>
  RESIDUAL_POWERS.filter((power) => power.role === role).flatMap(({ actions }) => actions);
const allowsOf = (statements: readonly PolicyStatement[]) =>
  statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action = [] }) => Action);

describe('the known ways to more access', () => {
  test('are many, each named once', () => {
    expect(ESCALATION_PATHS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(ESCALATION_PATHS.map(({ name }) => name)).size).toBe(ESCALATION_PATHS.length);
  });

  test('are all open to an administrator, so each can be found', () => {
    const administrator: readonly PolicyStatement[] = [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }];
    expect(ESCALATION_PATHS.filter((path) => !isPossible(administrator, path))).toEqual([]);
  });

  test('are all closed to somebody who may only read', () => {
    const reader: readonly PolicyStatement[] = [
      { Effect: 'Allow', Action: ['iam:Get*', 'iam:List*', 's3:Get*'], Resource: ['*'] },
    ];
    const open = ESCALATION_PATHS.filter((path) => isPossible(reader, path)).map(({ name }) => name);
    expect(open).toEqual([]);
  });

  test.each(ESCALATION_PATHS)('$name is impossible for every role, or is a residual power', ({ name, steps }) => {
    const left = [...roles]
      .filter(([, statements]) => isPossible(statements, { name, steps }))
      .filter(([role]) => !steps.every(({ action }) => powersOf(role).includes(action)))
      .map(([role]) => role);
    expect(left).toEqual([]);
  });

  test('through passing, making or becoming are closed to every role', () => {
    const closed = ESCALATION_PATHS.filter(({ steps }) =>
      steps.some(({ action }) => /^(iam:PassRole|iam:Create|iam:.*LoginProfile|sts:)/.test(action)),
    );
    expect(closed.length).toBeGreaterThan(20);
    for (const [role, statements] of roles)
      for (const path of closed)
        expect([role, path.name, isPossible(statements, path)]).toEqual([role, path.name, false]);
  });
});

describe('a residual power', () => {
  test('is one of at most eight', () => {
    expect(RESIDUAL_POWERS.length).toBeLessThanOrEqual(8);
  });

  test.each(RESIDUAL_POWERS)(
    'of $role, $actions, is one that it has, and a known way to more access',
    ({ role, actions }) => {
      const statements = roles.get(role) ?? [];
      const possible = ESCALATION_PATHS.filter((path) => isPossible(statements, path)).flatMap(({ steps }) =>
        steps.map(({ action }) => action),
      );
      expect(actions.filter((action) => !possible.includes(action))).toEqual([]);
    },
  );

  test.each(RESIDUAL_POWERS)('of $role, $actions, has a compensation that a test shows', ({ shownBy }) => {
    expect(shownBy.length).toBeGreaterThan(0);
    for (const { file, test: name } of shownBy) {
      expect(readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8')).toContain(`'${name}'`);
    }
  });

  test('stands for every write in IAM that a role has, save those that only the quarantine policy or our tag can be meant by', () => {
    for (const [role, statements] of roles) {
      const bound = statements
        .filter(
          ({ Condition: { ArnEquals, 'ForAllValues:StringEquals': all } = {} }) =>
            ArnEquals?.['iam:PolicyARN'] !== undefined ||
            ArnEquals?.['iam:PermissionsBoundary'] !== undefined ||
            all?.['aws:TagKeys']?.join() === 'rescind:held',
        )
        .flatMap(({ Action = [] }) => Action);
      const unexplained = allowsOf(statements)
        .filter(isIamWrite)
        .filter((action) => !powersOf(role).includes(action) && !bound.includes(action));
      expect([role, unexplained]).toEqual([role, []]);
    }
  });
});

describe('every role', () => {
  test('is trusted by one service only', () => {
    for (const role of roles.keys()) {
      const service = role === 'Rescind-remediate' ? 'states.amazonaws.com' : 'lambda.amazonaws.com';
      expect([role, trustOf(template, role)]).toEqual([role, [service]]);
    }
  });

  const NOBODY_KNOWS = { values: {}, isWhole: false } as const;
  const PROTECTED = [
    'arn:aws:iam::111122223333:role/BreakGlass',
    'arn:aws:iam::111122223333:role/BreakGlass-night/shift',
    'arn:aws:iam::222233334444:user/Emergency',
  ];
  const WRITES = [
    'iam:AttachUserPolicy',
    'iam:DetachUserPolicy',
    'iam:PutUserPolicy',
    'iam:DeleteUserPolicy',
    'iam:UpdateAccessKey',
    'iam:AttachRolePolicy',
    'iam:DetachRolePolicy',
    'iam:PutRolePolicy',
    'iam:DeleteRolePolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:PutUserPermissionsBoundary',
    'iam:DeleteRolePermissionsBoundary',
    'iam:TagRole',
    'iam:DeleteUser',
  ];

  test('is denied each write on each protected principal, by a statement and not by chance', () => {
    for (const [role, statements] of roles) {
      for (const resource of PROTECTED) {
        for (const action of WRITES) {
          const { kind } = evaluatePolicy(statements, { action, resource, context: NOBODY_KNOWS });
          expect([role, action, resource, kind]).toEqual([role, action, resource, 'denied']);
        }
      }
    }
  });

  test('is denied each write on each role of ours and on our policies', () => {
    const own = [
      ...[...roles.keys()].map((name) => `arn:aws:iam::111122223333:role/${name}`),
      'arn:aws:iam::111122223333:policy/Rescind-Quarantine',
      'arn:aws:iam::111122223333:policy/Rescind-Guard',
    ];
    for (const [role, statements] of roles) {
      for (const resource of own) {
        for (const action of [...WRITES, 'iam:CreatePolicyVersion', 'iam:DeletePolicy']) {
          const { kind } = evaluatePolicy(statements, { action, resource, context: NOBODY_KNOWS });
          expect([role, action, resource, kind]).toEqual([role, action, resource, 'denied']);
        }
      }
    }
  });

  test('may read the protected and our own, to know whom to leave alone', () => {
    const statements = roles.get('Rescind-contain') ?? [];
    const action = 'iam:GetRole';
    for (const resource of [
      'arn:aws:iam::111122223333:role/BreakGlass',
      'arn:aws:iam::111122223333:role/Rescind-contain',
    ])
      expect(evaluatePolicy(statements, { action, resource, context: NOBODY_KNOWS }).kind).toBe('allowed');
  });

  test('but contain, revert and restore has no write in IAM at all', () => {
    const writers = [...roles].filter(([, statements]) => allowsOf(statements).some(isIamWrite)).map(([role]) => role);
    expect(writers.sort()).toEqual(['Rescind-contain', 'Rescind-restore', 'Rescind-revert']);
  });

  test('has no write in IAM on everything, unless a condition binds it', () => {
    for (const [role, statements] of roles) {
      const loose = statements.filter(
        ({ Effect, Action = [], NotAction, Resource = [], NotResource, Condition: condition }) =>
          Effect === 'Allow' &&
          (NotAction !== undefined || Action.some((action) => isIamWrite(action) || action.startsWith('*'))) &&
          (NotResource !== undefined || Resource.some((pattern) => /^(\*|arn:aws:iam::\*?:?\*)$/.test(pattern))) &&
          condition === undefined,
      );
      expect([role, loose]).toEqual([role, []]);
    }
  });

  test('but contain and revert cannot make a code for the ledger, and only they and restore can check one', () => {
    const may = (action: string) =>
      [...roles].filter(([, statements]) => allowsOf(statements).includes(action)).map(([role]) => role);
    expect(may('kms:GenerateMac')).toEqual(['Rescind-contain', 'Rescind-revert']);
    expect(may('kms:VerifyMac').sort()).toEqual(['Rescind-contain', 'Rescind-restore', 'Rescind-revert']);
  });
});

test('the key of the ledger denies codes to everybody but contain and revert, administrators too', () => {
  const [key] = Object.values(
    Template.fromJSON(template).findResources('AWS::KMS::Key', { Properties: { KeySpec: 'HMAC_256' } }),
  );
  const { Statement } = key?.Properties.KeyPolicy ?? {};
  const arnOf = (name: string) => {
    const found = Object.entries(Template.fromJSON(template).findResources('AWS::IAM::Role')).find(
      ([, { Properties }]) => Properties.RoleName === name,
    );
    return { 'Fn::GetAtt': [found?.[0], 'Arn'] };
  };
  expect(Statement).toContainEqual({
    Sid: 'OnlyWhoWritesTheLedgerMakesCodes',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'kms:GenerateMac',
    Resource: '*',
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': [arnOf('Rescind-contain'), arnOf('Rescind-revert')] } },
  });
});
