import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createIam } from '../../../shared/aws/iam.ts';
import type { PrincipalSubject } from '../../../shared/cases/subject.ts';
import { findOtherAdministrator } from '../../../shared/containment/last-administrator.ts';
import { whyAdministrator } from '../../../shared/containment/why-administrator.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess';
const ALL_OF_IAM = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}';
const of = { UserName: 'alice' };
const attached = (policyArn: string) =>
  ({ kind: 'policy-attached', principal: 'mallory', to: 'user', policyArn }) as const;

let aws: EmbeddedAws;
let client: IAMClient;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = new IAMClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
    maxAttempts: 1,
  });
}, 120_000);
afterAll(async () => {
  client?.destroy();
  await aws?.stop();
});

// One account, in which one thing after the other changes.
describe('the last administrator of an embedded AWS', () => {
  const iam = () => createIam(client, { clock: createVirtualClock('2026-11-21T02:00:00.000Z'), random: () => 0.5 });
  const other = async () => (await findOtherAdministrator(iam(), mallory)).kind;
  let mallory: PrincipalSubject;

  it('is seen to be one, and to be the only one', async () => {
    const { User } = await client.send(new CreateUserCommand({ UserName: 'mallory' }));
    const [userId = '', arn = ''] = [User?.UserId, User?.Arn];
    mallory = { kind: 'user', key: `user:${userId}`, account: aws.account, userId, userName: 'mallory', arn };
    expect(await whyAdministrator(iam(), mallory, [])).toBeUndefined();
    await client.send(new AttachUserPolicyCommand({ UserName: 'mallory', PolicyArn: ADMINISTRATOR_ACCESS }));
    expect(await whyAdministrator(iam(), mallory, [])).toBe(`policy ${ADMINISTRATOR_ACCESS} allows * on *`);
    expect(await whyAdministrator(iam(), mallory, [attached(ADMINISTRATOR_ACCESS)])).toBeUndefined();
    expect(await findOtherAdministrator(iam(), mallory)).toEqual({ kind: 'none' });
  });

  it('is the last no more once a user of an administrators group can sign in, by key or by password', async () => {
    await client.send(new CreateGroupCommand({ GroupName: 'Admins' }));
    const policy = { GroupName: 'Admins', PolicyName: 'all-of-iam', PolicyDocument: ALL_OF_IAM };
    await client.send(new PutGroupPolicyCommand(policy));
    await client.send(new CreateUserCommand(of));
    await client.send(new AddUserToGroupCommand({ GroupName: 'Admins', ...of }));
    expect(await other()).toBe('none');
    const { AccessKey } = await client.send(new CreateAccessKeyCommand(of));
    expect(await findOtherAdministrator(iam(), mallory)).toEqual({ kind: 'remains', who: 'user alice' });
    const key = { ...of, AccessKeyId: AccessKey?.AccessKeyId ?? '' };
    await client.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
    expect(await other()).toBe('none');
    await client.send(new CreateLoginProfileCommand({ ...of, Password: 'Only-for-a-test-1' }));
    expect(await other()).toBe('remains');
  });

  it('is not replaced by a role without rights, whoever may assume it', async () => {
    const trust = `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"sts:AssumeRole"}]}`;
    const { Role } = await client.send(new CreateRoleCommand({ RoleName: 'Guest', AssumeRolePolicyDocument: trust }));
    const read = await iam().accountAccess();
    if (read.kind !== 'read') throw new Error(JSON.stringify(read));
    expect(read.value.roles.find(({ roleName }) => roleName === 'Guest')).toEqual({
      roleName: 'Guest',
      arn: Role?.Arn,
      createdAt: Role?.CreateDate?.toISOString(),
      trust,
      inline: [],
      attached: [],
    });
    expect(read.value.users.find(({ userName }) => userName === 'alice')?.groups).toEqual(['Admins']);
  });
});
