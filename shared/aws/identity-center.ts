import {
  DescribeUserCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  ListGroupMembershipsForMemberCommand,
} from '@aws-sdk/client-identitystore';
import {
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsForPrincipalCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Assignment, IdentityCenterInstance, PermissionSet, PersonNamed } from '../identity-center/reach.ts';
import type { IdentityCenter } from '../ports/identity-center.ts';
import { errorNameOf } from './iam-errors.ts';

/** Each page has 100; nobody reads further than this many pages for one person. */
const MOST_PAGES = 10;
const PAGE = 100;
/** Two calls each; the API takes few a second. */
const MOST_SETS = 40;

/** With clients of its own: they are loaded together, see identity-center-at.ts. */
export function makeIdentityCenter(instance: IdentityCenterInstance): IdentityCenter {
  const { region } = instance;
  return createIdentityCenter(
    { admin: new SSOAdminClient({ region }), store: new IdentitystoreClient({ region }) },
    instance,
  );
}

/**
 * IAM Identity Center by the SDK, from the account that administers it.
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html
 */
export function createIdentityCenter(
  { admin, store }: { readonly admin: SSOAdminClient; readonly store: IdentitystoreClient },
  { instanceArn: InstanceArn, identityStoreId: IdentityStoreId }: IdentityCenterInstance,
): IdentityCenter {
  async function userOf(
    person: PersonNamed,
  ): Promise<{ readonly userId: string; readonly userName: string } | undefined> {
    try {
      const UserId =
        'userId' in person
          ? person.userId
          : (
              await store.send(
                new GetUserIdCommand({
                  IdentityStoreId,
                  AlternateIdentifier: {
                    UniqueAttribute: { AttributePath: 'userName', AttributeValue: person.userName },
                  },
                }),
              )
            ).UserId;
      const { UserName } = await store.send(
        new DescribeUserCommand({ IdentityStoreId, UserId: told(UserId, 'UserId') }),
      );
      return { userId: told(UserId, 'UserId'), userName: told(UserName, 'UserName') };
    } catch (error) {
      if (errorNameOf(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  async function assignmentsOf(userId: string): Promise<Pages<Assignment>> {
    return allPages(async (NextToken) => {
      const answer = await admin.send(
        new ListAccountAssignmentsForPrincipalCommand({
          InstanceArn,
          PrincipalId: userId,
          PrincipalType: 'USER',
          MaxResults: PAGE,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      return {
        next: answer.NextToken,
        items: told(answer.AccountAssignments, 'AccountAssignments').map((one) => ({
          account: told(one.AccountId, 'AccountId'),
          permissionSetArn: told(one.PermissionSetArn, 'PermissionSetArn'),
          through: told(one.PrincipalType, 'PrincipalType'),
          principalId: told(one.PrincipalId, 'PrincipalId'),
        })),
      };
    });
  }

  async function membershipsOf(userId: string) {
    return allPages(async (NextToken) => {
      const answer = await store.send(
        new ListGroupMembershipsForMemberCommand({
          IdentityStoreId,
          MemberId: { UserId: userId },
          MaxResults: PAGE,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      return {
        next: answer.NextToken,
        items: told(answer.GroupMemberships, 'GroupMemberships').map(({ MembershipId, GroupId }) => ({
          membershipId: told(MembershipId, 'MembershipId'),
          groupId: told(GroupId, 'GroupId'),
        })),
      };
    });
  }

  async function setOf(PermissionSetArn: string): Promise<PermissionSet> {
    const [{ PermissionSet }, { InlinePolicy = '' }] = await Promise.all([
      admin.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn })),
      admin.send(new GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn })),
    ]);
    return { arn: PermissionSetArn, name: told(PermissionSet?.Name, 'Name'), hasInline: InlinePolicy !== '' };
  }

  return {
    async reachOf(person) {
      const user = await userOf(person);
      if (user === undefined) return undefined;
      const [assignments, memberships] = await Promise.all([assignmentsOf(user.userId), membershipsOf(user.userId)]);
      const arns = [...new Set(assignments.items.map(({ permissionSetArn }) => permissionSetArn))];
      const sets: PermissionSet[] = [];
      // One after the other: the API takes few calls a second, and a person waits for the answer, not the deny.
      for (const arn of arns.slice(0, MOST_SETS)) sets.push(await setOf(arn));
      return {
        ...user,
        sets,
        assignments: assignments.items,
        memberships: memberships.items,
        more: assignments.more || memberships.more || arns.length > MOST_SETS,
      };
    },
  };
}

type Pages<T> = { readonly items: readonly T[]; readonly more: boolean };

async function allPages<T>(
  page: (next: string | undefined) => Promise<{ readonly next: string | undefined; readonly items: readonly T[] }>,
): Promise<Pages<T>> {
  const items: T[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await page(next);
    items.push(...answer.items);
    next = answer.next;
    if (next === undefined || next === '') return { items, more: false };
  }
  return { items, more: true };
}

/** The API's types leave everything open; an answer without what it is about is a fault. */
function told<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`IAM Identity Center answered without ${name}`);
  return value;
}
