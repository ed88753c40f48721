import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { ESCALATION_PATHS } from '../../infra/checks/escalation-paths.ts';
import { isPossible } from '../../infra/checks/find-escalations.ts';
import { allowedActions, permissionsOf, roleNamesOf } from '../../infra/checks/role-permissions.ts';
import { rolePolicies } from '../../infra/checks/role-policies.ts';
import { DEPLOYMENT, folder, POLICY } from './synthesised.ts';

const PROTECTED = 'idc:906792d3-b0e1-70f8-d7f2-5a0000000001';
const ofCenter = (action: string) => /^(sso|identitystore):/.test(action);

async function build(more: string) {
  const files = folder({
    ...DEPLOYMENT,
    'rescind.yaml': `${POLICY.replace('protected:\n', `protected:\n  - ${PROTECTED}\n`)}${more}`,
  });
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: false,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  return building;
}

const KEY = `identity-center:
  instance: arn:aws:sso:::instance/ssoins-1234567890abcdef
  store: d-1234567890
  region: eu-central-1
`;

test('where the policy names an instance, plan may read it and nobody may change anything in it', {
  timeout: 120_000,
}, async () => {
  const { app, stack } = await build(KEY);
  // The checks of the templates are on: a finding that nobody acknowledged stops the synth.
  expect(() => app.synth()).not.toThrow();
  const template = Template.fromStack(stack).toJSON();
  // IAM knows no such name, and would refuse the policy that bears one.
  expect(JSON.stringify(template)).not.toContain(PROTECTED);
  const allowed = roleNamesOf(template).flatMap((role) =>
    allowedActions(permissionsOf(template, role))
      .filter(ofCenter)
      .map((action) => `${role} ${action}`),
  );
  expect(allowed.sort()).toEqual([
    'Rescind-plan identitystore:DescribeUser',
    'Rescind-plan identitystore:GetUserId',
    'Rescind-plan identitystore:ListGroupMembershipsForMember',
    'Rescind-plan sso:DescribePermissionSet',
    'Rescind-plan sso:GetInlinePolicyForPermissionSet',
    'Rescind-plan sso:ListAccountAssignmentsForPrincipal',
  ]);
  const center = permissionsOf(template, 'Rescind-plan').filter(({ Action = [] }) => Action.some(ofCenter));
  expect(center.flatMap(({ resources }) => resources)).toEqual([
    'arn:aws:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/*',
    'arn:<AWS::Partition>:identitystore::<AWS::AccountId>:identitystore/d-1234567890',
    'arn:<AWS::Partition>:identitystore:::user/*',
    'arn:<AWS::Partition>:identitystore:::membership/*',
  ]);
  const plan = rolePolicies(template, 'Rescind-plan');
  expect(ESCALATION_PATHS.filter((path) => isPossible(plan, path)).map(({ name }) => name)).toEqual([]);
});

test('where the policy says contain, revert may add to the sets of that one instance, restore take away, and verify read', {
  timeout: 120_000,
}, async () => {
  const { app, stack } = await build(`${KEY}  contain: true\n`);
  expect(() => app.synth()).not.toThrow();
  const template = Template.fromStack(stack).toJSON();
  const writes = roleNamesOf(template).flatMap((role) =>
    permissionsOf(template, role)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action = [], resources }) => Action.map((action) => [role, action, resources] as const))
      .filter(([, action]) => ofCenter(action) && !/:(Describe|Get|List)/.test(action)),
  );
  expect(writes.map(([role, action]) => `${role} ${action}`).sort()).toEqual([
    'Rescind-restore sso:DeleteInlinePolicyFromPermissionSet',
    'Rescind-restore sso:ProvisionPermissionSet',
    'Rescind-restore sso:PutInlinePolicyToPermissionSet',
    'Rescind-revert sso:ProvisionPermissionSet',
    'Rescind-revert sso:PutInlinePolicyToPermissionSet',
  ]);
  for (const [, , resources] of writes) {
    expect(resources).toEqual([
      'arn:aws:sso:::instance/ssoins-1234567890abcdef',
      'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/*',
      'arn:aws:sso:::account/*',
    ]);
  }
  const readers = roleNamesOf(template).filter((role) =>
    allowedActions(permissionsOf(template, role)).includes('sso:ListAccountsForProvisionedPermissionSet'),
  );
  expect(readers.sort()).toEqual(['Rescind-plan', 'Rescind-restore', 'Rescind-revert', 'Rescind-verify']);
});

test('where it names none, nobody may ask Identity Center anything', { timeout: 60_000 }, async () => {
  const { stack } = await build('');
  const template = Template.fromStack(stack).toJSON();
  const allowed = roleNamesOf(template).flatMap((role) => allowedActions(permissionsOf(template, role)));
  expect(allowed.filter(ofCenter)).toEqual([]);
});
