import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { afterEach, describe, expect, test } from 'vitest';
import { createIdentityCenter } from '../../../shared/aws/identity-center.ts';
import { type AwsRequest, type ScriptedAws, startScriptedAws } from '../../support/scripted-aws.ts';

/**
 * Not shown against AWS: the embedded AWS has no Identity Center. Requests and answers have the shapes of the API
 * references of IAM Identity Center and of its identity store.
 */
const INSTANCE = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  identityStoreId: 'd-1234567890',
  region: 'eu-central-1',
};
const USER_ID = '906792d3-b0e1-70f8-d7f2-5a0000000001';
const SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000001';
const OTHER_SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000002';

type Fault = { readonly error: string; readonly status?: number };
type Script = Readonly<Record<string, object | Fault | ((input: Record<string, unknown>) => object)>>;

const USUAL: Script = {
  GetUserId: { UserId: USER_ID, IdentityStoreId: 'd-1234567890' },
  DescribeUser: { UserId: USER_ID, UserName: 'eve@example.com', IdentityStoreId: 'd-1234567890' },
  ListAccountAssignmentsForPrincipal: {
    AccountAssignments: [
      { AccountId: '111122223333', PermissionSetArn: SET, PrincipalId: USER_ID, PrincipalType: 'USER' },
      { AccountId: '444455556666', PermissionSetArn: OTHER_SET, PrincipalId: 'group-1', PrincipalType: 'GROUP' },
      { AccountId: '444455556666', PermissionSetArn: SET, PrincipalId: USER_ID, PrincipalType: 'USER' },
    ],
  },
  ListGroupMembershipsForMember: {
    GroupMemberships: [
      {
        IdentityStoreId: 'd-1234567890',
        MembershipId: 'membership-1',
        GroupId: 'group-1',
        MemberId: { UserId: USER_ID },
      },
    ],
  },
  DescribePermissionSet: ({ PermissionSetArn }) => ({
    PermissionSet: { PermissionSetArn, Name: PermissionSetArn === SET ? 'Admin' : 'Reader' },
  }),
  GetInlinePolicyForPermissionSet: ({ PermissionSetArn }) =>
    PermissionSetArn === SET ? { InlinePolicy: '{"Version":"2012-10-17","Statement":[]}' } : {},
};

let aws: ScriptedAws | undefined;
afterEach(() => aws?.stop());

async function reach(
  script: Script,
  person: { userId: string } | { userName: string } = { userName: 'eve@example.com' },
) {
  const merged = { ...USUAL, ...script };
  aws = await startScriptedAws(({ operation, body }: AwsRequest) => {
    const answer = merged[operation];
    if (answer === undefined) throw new Error(`Nobody answers ${operation}`);
    if ('error' in answer && typeof answer.error === 'string') {
      return { status: 400, body: JSON.stringify({ __type: answer.error, message: 'refused' }) };
    }
    return { status: 200, body: JSON.stringify(typeof answer === 'function' ? answer(JSON.parse(body)) : answer) };
  });
  const config = { region: INSTANCE.region, maxAttempts: 1 };
  const clients = { admin: new SSOAdminClient(config), store: new IdentitystoreClient(config) };
  return createIdentityCenter(clients, INSTANCE).reachOf(person);
}

describe('what a user of Identity Center reaches', () => {
  test('is found by the name that the session bears: sets, own assignments, those of groups, memberships', async () => {
    expect(await reach({})).toEqual({
      userId: USER_ID,
      userName: 'eve@example.com',
      sets: [
        { arn: SET, name: 'Admin', hasInline: true },
        { arn: OTHER_SET, name: 'Reader', hasInline: false },
      ],
      assignments: [
        { account: '111122223333', permissionSetArn: SET, through: 'USER', principalId: USER_ID },
        { account: '444455556666', permissionSetArn: OTHER_SET, through: 'GROUP', principalId: 'group-1' },
        { account: '444455556666', permissionSetArn: SET, through: 'USER', principalId: USER_ID },
      ],
      memberships: [{ membershipId: 'membership-1', groupId: 'group-1' }],
      more: false,
    });
    const sent = aws?.requests.map(({ operation, body }) => [operation, JSON.parse(body)] as const);
    expect(sent?.[0]).toEqual([
      'GetUserId',
      {
        IdentityStoreId: 'd-1234567890',
        AlternateIdentifier: { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'eve@example.com' } },
      },
    ]);
    expect(sent).toContainEqual([
      'ListAccountAssignmentsForPrincipal',
      { InstanceArn: INSTANCE.instanceArn, PrincipalId: USER_ID, PrincipalType: 'USER', MaxResults: 100 },
    ]);
  });

  test('is asked for by the id where a record tells it', async () => {
    await reach({}, { userId: USER_ID });
    expect(aws?.operations()).not.toContain('GetUserId');
  });

  test('is read over all pages, and an endless list is cut and said to be', async () => {
    let pages = 0;
    const endless = await reach({
      ListGroupMembershipsForMember: () => {
        pages += 1;
        return { GroupMemberships: [{ MembershipId: `m-${pages}`, GroupId: `g-${pages}` }], NextToken: 'more' };
      },
    });
    expect(endless?.memberships.map(({ membershipId }) => membershipId)).toEqual(
      Array.from({ length: 10 }, (_, n) => `m-${n + 1}`),
    );
    expect(endless?.more).toBe(true);
  });

  test('is nobody’s where nobody bears the name', async () => {
    expect(await reach({ GetUserId: { error: 'ResourceNotFoundException' } })).toBeUndefined();
  });

  test.each([
    'GetUserId',
    'DescribeUser',
    'ListAccountAssignmentsForPrincipal',
    'ListGroupMembershipsForMember',
    'DescribePermissionSet',
    'GetInlinePolicyForPermissionSet',
  ])('is never half of it: %s that is refused is a fault', async (operation) => {
    await expect(reach({ [operation]: { error: 'AccessDeniedException' } })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('is not guessed from an answer that lacks what it is about', async () => {
    await expect(reach({ ListAccountAssignmentsForPrincipal: {} })).rejects.toThrow('without AccountAssignments');
  });
});
