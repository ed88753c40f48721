import { expect, test } from 'vitest';
import { isPossible } from '../../infra/checks/find-escalations.ts';
import { permissionsOf } from '../../infra/checks/role-permissions.ts';
import { rolePolicies } from '../../infra/checks/role-policies.ts';

const named = (more: object = {}) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: 'Rescind-x', ...more } });
const policy = (Type: string, Properties: object) => ({
  Type,
  Properties: { PolicyDocument: EVERYTHING, ...Properties },
});
const EVERYTHING = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const path = { name: 'PutRolePolicy', steps: [{ action: 'iam:PutRolePolicy', resource: 'arn:aws:iam::1:role/x' }] };

test.each([
  ['written into the role', { Role: named({ Policies: [{ PolicyName: 'p', PolicyDocument: EVERYTHING }] }) }],
  ['of its own', { Role: named(), P: policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }) }],
  ['that names it in plain text', { Role: named(), P: policy('AWS::IAM::Policy', { Roles: ['Rescind-x'] }) }],
  ['of the newer type', { Role: named(), P: policy('AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' } }) }],
  [
    'managed, attached by the role',
    { Role: named({ ManagedPolicyArns: [{ Ref: 'P' }] }), P: policy('AWS::IAM::ManagedPolicy', {}) },
  ],
  // So the CDK does by itself with what does not fit into a role's own policy.
  [
    'managed, attached by the policy',
    { Role: named(), P: policy('AWS::IAM::ManagedPolicy', { Roles: [{ Ref: 'Role' }] }) },
  ],
])('a policy %s is among what the role may do', (_, Resources) => {
  const statements = rolePolicies({ Resources }, 'Rescind-x');
  expect(statements).toMatchObject([{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }]);
  expect(isPossible(statements, path)).toBe(true);
});

test('of another role it is not', () => {
  const Resources = { Role: named(), P: policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Other' }] }) };
  expect(permissionsOf({ Resources }, 'Rescind-x')).toEqual([]);
});

test.each(['arn:aws:iam::aws:policy/ReadOnlyAccess', { Ref: 'Elsewhere' }])(
  'a policy whose text is not in the template is refused, not left out: %o',
  (arn) => {
    const template = { Resources: { Role: named({ ManagedPolicyArns: [arn] }) } };
    expect(() => permissionsOf(template, 'Rescind-x')).toThrow('whose text is not in the template');
  },
);

test('all but some actions on some things is a way through one of those things', () => {
  const statements = [
    { Effect: 'Allow', NotAction: ['iam:GetRole'], Resource: ['arn:aws:iam::1:role/special-*'] },
  ] as const;
  expect(isPossible(statements, path)).toBe(true);
});
