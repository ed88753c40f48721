import { commandWord } from '../cases/beyond/command-word.ts';
import type { Assignment, IdentityCenterInstance, PermissionSet, PersonReach } from './reach.ts';

/** A case, its alert and a terminal hold so many commands; whoever reaches more than that is told so. */
const MOST_LISTED = 20;

/**
 * The commands that take a person's access back in Identity Center and those that give it back, with the real ids filled in.
 * Deny first: sessions of the sets end by it in every account. Assignments and memberships go after that, or the last
 * assignment of a set would take its role away and with it the deny.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html
 */
export function reachSteps(
  { instanceArn, identityStoreId, region }: IdentityCenterInstance,
  reach: PersonReach,
  cutOff: string,
): readonly string[] {
  const { userId, userName, sets, assignments, memberships, more } = reach;
  const user = commandWord(userId, 'USER-ID');
  const admin = (operation: string) => `aws sso-admin ${operation} --region ${region} --instance-arn ${instanceArn}`;
  const store = (operation: string) =>
    `aws identitystore ${operation} --region ${region} --identity-store-id ${identityStoreId}`;
  const own = assignments.filter(({ through }) => through === 'USER');
  const ofSet = ({ arn }: Pick<PermissionSet, 'arn'>) => `--permission-set-arn ${commandWord(arn, 'SET-ARN')}`;
  const assign = (operation: string, { account, permissionSetArn }: Assignment) =>
    `${admin(operation)} ${ofSet({ arn: permissionSetArn })} --target-type AWS_ACCOUNT --target-id ${commandWord(account, 'ACCOUNT-ID')} --principal-type USER --principal-id ${user}`;
  const bringOut = (set: PermissionSet) =>
    `${admin('provision-permission-set')} ${ofSet(set)} --target-type ALL_PROVISIONED_ACCOUNTS`;
  const listed = {
    sets: sets.slice(0, MOST_LISTED),
    own: own.slice(0, MOST_LISTED),
    memberships: memberships.slice(0, MOST_LISTED),
  };
  return [
    `In IAM Identity Center / Users / ${userName}, "Disable user access", then delete everything under "Active sessions": no public call of AWS does that.`,
    ...listed.sets.flatMap((set) =>
      denyIn(set, `${admin('put-inline-policy-to-permission-set')} ${ofSet(set)}`, {
        get: `${admin('get-inline-policy-for-permission-set')} ${ofSet(set)} --query InlinePolicy --output text`,
        deny: denyStatement(userId, cutOff),
        bringOut: bringOut(set),
      }),
    ),
    ...(sets.length === 0
      ? []
      : [
          `See that every account has it, before anything else; a failed account is one in which sessions live on: ${admin('list-permission-set-provisioning-status')}`,
        ]),
    ...listed.own.map(
      (one) => `Remove the assignment in account ${one.account}: ${assign('delete-account-assignment', one)}`,
    ),
    ...listed.memberships.map(
      ({ membershipId, groupId }) =>
        `Take them out of the group ${groupId}, which has assignments of its own: ${store('delete-group-membership')} --membership-id ${commandWord(membershipId, 'MEMBERSHIP-ID')}`,
    ),
    `Disable ${userName} at the identity source as well, or it may bring back what was removed here.`,
    'Sessions of roles live up to 12 hours: the deny stays at least that long.',
    ...listed.memberships.map(
      ({ groupId }) =>
        `To give it back: ${store('create-group-membership')} --group-id ${commandWord(groupId, 'GROUP-ID')} --member-id UserId=${user}`,
    ),
    ...listed.own.map(
      (one) => `To give it back in account ${one.account}: ${assign('create-account-assignment', one)}`,
    ),
    ...listed.sets.map((set) =>
      set.hasInline
        ? `To give back permission set ${set.name}: ${admin('put-inline-policy-to-permission-set')} ${ofSet(set)} --inline-policy file://${fileOf(set)} && ${bringOut(set)}`
        : `To give back permission set ${set.name}: ${admin('delete-inline-policy-from-permission-set')} ${ofSet(set)} && ${bringOut(set)}`,
    ),
    ...(more || sets.length > MOST_LISTED || own.length > MOST_LISTED || memberships.length > MOST_LISTED
      ? [
          `There is more than is listed here. All of it: ${admin('list-account-assignments-for-principal')} --principal-type USER --principal-id ${user}`,
        ]
      : []),
  ];
}

/** The one inline policy that a set may have is kept in a file, whole, and the file is what is given back. */
function denyIn(
  set: PermissionSet,
  put: string,
  { get, deny, bringOut }: { readonly get: string; readonly deny: object; readonly bringOut: string },
): readonly string[] {
  if (!set.hasInline) {
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
    return [
      `Deny them permission set ${set.name} in every account: ${put} --inline-policy '${document}' && ${bringOut}`,
    ];
  }
  const before = fileOf(set);
  const added = `.Statement |= ((if type == "array" then . else [.] end) + [${JSON.stringify(deny)}])`;
  return [
    `Keep the inline policy of permission set ${set.name}, byte for byte: ${get} > ${before}`,
    `Deny them the set in every account, beside what it says: jq '${added}' ${before} > denied-${before} && ${put} --inline-policy file://denied-${before} && ${bringOut}`,
  ];
}

/** `identitystore:userId` is the person, whatever role the set became in an account. */
function denyStatement(userId: string, cutOff: string): object {
  return {
    Sid: 'RescindIdentityCenter',
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'identitystore:userId': commandWord(userId, 'USER-ID') },
      DateLessThan: { 'aws:TokenIssueTime': cutOff },
    },
  };
}

/** Named by the end of the set's ARN, which holds no character that a shell reads. */
function fileOf({ arn }: PermissionSet): string {
  return `${commandWord(arn.slice(arn.lastIndexOf('/') + 1), 'SET')}.json`;
}
