import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../shared/access/principal.ts';
import { plain } from '../../../shared/alerts/plain-text.ts';
import { type Seen, subjectOfPrincipal } from '../../../shared/cases/subject-of.ts';
import { userPrincipal } from '../../support/case-scene.ts';

const HERE = '111122223333';
const THERE = '999988887777';
const SEEN: Seen = { eventId: '7f3c-42', resourceArn: 'arn:aws:s3:::payroll/2026/11.csv' };

const session = (over: Partial<Extract<Principal, { kind: 'role-session' }>> = {}): Principal => ({
  kind: 'role-session',
  account: HERE,
  roleId: 'AROADEPLOY',
  roleName: 'Deploy',
  roleArn: `arn:aws:iam::${HERE}:role/ci/Deploy`,
  sessionName: 'build-7',
  serviceLinked: false,
  ...over,
});

function stepsFor(principal: Principal, seen: Seen | undefined = SEEN): readonly string[] {
  const subject = subjectOfPrincipal(principal, HERE, seen);
  if (subject.kind !== 'beyond') throw new TypeError(`${subject.key} can be contained`);
  return subject.humanSteps;
}

/** Every row of the table that ends with a person, and the commands that this person needs, word for word. */
const ROWS: readonly [string, Principal, readonly string[]][] = [
  [
    'root with a key',
    { kind: 'root', account: HERE, accessKeyId: 'AKIAROOT' },
    [
      'aws iam update-access-key --access-key-id AKIAROOT --status Inactive',
      'aws sts assume-root --region us-east-1 --target-principal 111122223333 --task-policy-arn arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials',
      'aws organizations attach-policy --target-id 111122223333 --policy-id POLICY-ID',
    ],
  ],
  [
    'root of a member account',
    { kind: 'root', account: THERE },
    [
      '--target-principal 999988887777',
      '"aws:PrincipalArn":"arn:*:iam::999988887777:root"',
      '--target-id 999988887777',
    ],
  ],
  [
    'a service',
    { kind: 'service', invokedBy: 'scheduler.amazonaws.com' },
    [
      'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=7f3c-42',
      'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=scheduler.amazonaws.com',
    ],
  ],
  [
    'a service-linked role',
    session({
      roleName: 'AWSServiceRoleForAutoScaling',
      roleArn: `arn:aws:iam::${HERE}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
      serviceLinked: true,
    }),
    [
      'aws iam get-role --role-name AWSServiceRoleForAutoScaling',
      'AttributeKey=EventSource,AttributeValue=autoscaling.amazonaws.com',
      'aws iam delete-service-linked-role --role-name AWSServiceRoleForAutoScaling',
    ],
  ],
  [
    'a permission set of Identity Center',
    session({
      roleName: 'AWSReservedSSO_Power_Users_0123456789abcdef',
      roleArn: `arn:aws:iam::${HERE}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Power_Users_0123456789abcdef`,
      sessionName: 'alice@corp',
    }),
    [
      'open the user alice@corp: "Disable user access"',
      '--filters AttributePath=UserName,AttributeValue=alice@corp',
      'Permission sets / Power_Users / Inline policy',
      '"StringEquals":{"identitystore:userId":"USER-ID"},"DateLessThan":{"aws:TokenIssueTime":"UTC-TIME-NOW"}',
      'aws sso-admin provision-permission-set --instance-arn INSTANCE-ARN --permission-set-arn SET-ARN --target-type ALL_PROVISIONED_ACCOUNTS',
      '--target-type AWS_ACCOUNT --target-id 111122223333',
    ],
  ],
  [
    'a user of Identity Center',
    { kind: 'identity-center-user', userId: '90677c6d-1001' },
    ['--user-id 90677c6d-1001', '--principal-type USER --principal-id 90677c6d-1001'],
  ],
  [
    'another account',
    { kind: 'account', account: THERE },
    [
      `aws iam list-roles --query "Roles[?contains(to_string(AssumeRolePolicyDocument),'999988887777')].[RoleName]"`,
      'aws s3api get-bucket-policy --bucket payroll',
    ],
  ],
  [
    'a user of another account',
    userPrincipal({ account: THERE, accessKeyId: 'AKIATHERE' }),
    [
      'aws iam attach-user-policy --user-name mallory --policy-arn arn:aws:iam::aws:policy/AWSDenyAll',
      'aws iam update-access-key --user-name mallory --status Inactive --access-key-id AKIATHERE',
    ],
  ],
  [
    'a session of another account',
    session({ account: THERE }),
    ['aws iam put-role-policy --role-name Deploy --policy-name AWSRevokeOlderSessions'],
  ],
  [
    'a login through SAML',
    { kind: 'saml-user', name: 'eve@corp', provider: 'Corp' },
    ['Disable eve@corp at its provider, Corp.', 'AttributeKey=Username,AttributeValue=eve@corp'],
  ],
  [
    'a web identity',
    { kind: 'web-identity-user', name: 'repo:corp/app', provider: 'ci' },
    ['AssumeRoleWithWebIdentity records', 'AttributeValue=repo:corp/app'],
  ],
  [
    'somebody unknown',
    { kind: 'unknown', reason: 'userIdentity has no type' },
    ['AttributeKey=EventId,AttributeValue=7f3c-42', 'aws iam get-access-key-last-used --access-key-id KEY-ID'],
  ],
  [
    'nobody at all',
    { kind: 'anonymous' },
    [
      'aws s3api put-public-access-block --bucket payroll --public-access-block-configuration BlockPublicAcls=true',
      'aws s3api get-bucket-policy --bucket payroll',
    ],
  ],
];

describe('what a person does about somebody whom Rescind cannot contain', () => {
  it.each(ROWS)('names the very commands for %s', (_, principal, commands) => {
    const steps = stepsFor(principal);
    for (const command of commands) expect(steps.join('\n')).toContain(command);
  });

  it.each(ROWS)('reaches the reader of an alert whole for %s', (_, principal) => {
    const steps = stepsFor(principal);
    // An alert shows eight of 300 letters each.
    expect(steps.length).toBeLessThanOrEqual(8);
    for (const step of steps) expect(plain(step, 300)).toBe(plain(step, 5_000));
  });

  it('asks the policy of what the call was made on, where it has one', () => {
    const about = (resourceArn: string) =>
      stepsFor({ kind: 'account', account: THERE }, { eventId: '1', resourceArn }).join('\n');
    const key = `arn:aws:kms:eu-central-1:${HERE}:key/1`;
    expect(about(key)).toContain(`aws kms get-key-policy --policy-name default --key-id ${key}`);
    const secret = `arn:aws:secretsmanager:eu-central-1:${HERE}:secret:db-AbCdEf`;
    expect(about(secret)).toContain(`aws secretsmanager get-resource-policy --secret-id ${secret}`);
    expect(about(`arn:aws:ec2:eu-central-1:${HERE}:instance/i-1`)).toContain('aws accessanalyzer list-analyzers');
  });

  it('puts no text of a record into a command that a shell would read as more than a name', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc.constantFrom('$(id)', '`id`', '; rm -rf ~', "'; id; '", '--profile', 'a\nb', '"', '|tee', '>x', '$HOME'),
    );
    fc.assert(
      fc.property(hostile, (name): void => {
        const principals: readonly Principal[] = [
          { kind: 'root', account: name, accessKeyId: `AKIA${name}` },
          { kind: 'service', invokedBy: name },
          { kind: 'account', account: name },
          { kind: 'identity-center-user', userId: name },
          { kind: 'saml-user', name, provider: name },
          { kind: 'web-identity-user', name, provider: name },
          userPrincipal({ account: name, userName: name, accessKeyId: `AKIA${name}` }),
          session({ account: name, roleName: name }),
          session({ roleName: name, serviceLinked: true, roleArn: `arn:aws:iam::1:role/aws-service-role/${name}/x` }),
          session({
            roleName: `AWSReservedSSO_${name}_0123456789abcdef`,
            roleArn: `arn:aws:iam::${HERE}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${name}_0123456789abcdef`,
            sessionName: name,
          }),
          { kind: 'anonymous' },
        ];
        const seen = { eventId: name, resourceArn: `arn:aws:s3:::${name}` };
        for (const step of principals.flatMap((principal) => stepsFor(principal, seen))) {
          const at = step.lastIndexOf(': aws ');
          const command = plain(at < 0 ? '' : step.slice(at), 5_000);
          // Of our own making are a query, two documents and the joining of calls.
          const words = command
            .replace(/--content '\{[^']*\}'|--policy-document '\{[^']*\}'|--query "Roles[^"]*"/g, '')
            .replaceAll(' && ', ' ');
          expect(words).toMatch(/^[\w\s+=,.@:/[\]-]*$/);
          for (const word of words.split(/\s+/)) expect(word).not.toBe('--profile');
        }
      }),
      { numRuns: 25 },
    );
  });
});
