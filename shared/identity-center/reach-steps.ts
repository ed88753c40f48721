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
export function reachSteps(instance: IdentityCenterInstance, reach: PersonReach, cutOff: string): readonly string[] {
  const { userId, userName, more } = reach;
  const { admin, ofSet } = commandsOf(instance);
  const bringOut = (set: PermissionSet) =>
    `${admin('provision-permission-set')} ${ofSet(set)} --target-type ALL_PROVISIONED_ACCOUNTS`;
  const sets = reach.sets.slice(0, MOST_LISTED);
  const held = heldBy(instance, reach);
  return [
    `In IAM Identity Center / Users / ${userName}, "Disable user access", then delete everything under "Active sessions": no public call of AWS does that.`,
    ...sets.flatMap((set) =>
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
    ...held.listed.map(({ remove }) => remove),
    `Disable ${userName} at the identity source as well, or it may bring back what was removed here.`,
    'Sessions of roles live up to 12 hours: the deny stays at least that long.',
    ...held.listed.toReversed().map(({ giveBack }) => giveBack),
    ...sets.map((set) =>
      set.hasInline
        ? `To give back permission set ${set.name}: ${admin('put-inline-policy-to-permission-set')} ${ofSet(set)} --inline-policy file://${fileOf(set)} && ${bringOut(set)}`
        : `To give back permission set ${set.name}: ${admin('delete-inline-policy-from-permission-set')} ${ofSet(set)} && ${bringOut(set)}`,
    ),
    ...(more || reach.sets.length > MOST_LISTED || held.more ? [thereIsMore(instance, reach)] : []),
  ];
}

/** What lets a person into permission sets, and by which command each goes and comes back. */
export type Held = {
  readonly what: string;
  readonly remove: string;
  readonly giveBack: string;
};

/** The person's own assignments, then the groups through which they have others. */
export function heldBy(
  instance: IdentityCenterInstance,
  { userId, assignments, memberships }: PersonReach,
): { readonly listed: readonly Held[]; readonly more: boolean } {
  const { admin, store, ofSet } = commandsOf(instance);
  const user = commandWord(userId, 'USER-ID');
  const own = assignments.filter(({ through }) => through === 'USER');
  const assign = (operation: string, { account, permissionSetArn }: Assignment) =>
    `${admin(operation)} ${ofSet({ arn: permissionSetArn })} --target-type AWS_ACCOUNT --target-id ${commandWord(account, 'ACCOUNT-ID')} --principal-type USER --principal-id ${user}`;
  return {
    listed: [
      ...own.slice(0, MOST_LISTED).map((one) => ({
        what: `the assignment of ${one.permissionSetArn.split('/').at(-1)} in account ${one.account}`,
        remove: `Remove the assignment in account ${one.account}: ${assign('delete-account-assignment', one)}`,
        giveBack: `To give it back in account ${one.account}: ${assign('create-account-assignment', one)}`,
      })),
      ...memberships.slice(0, MOST_LISTED).map(({ membershipId, groupId }) => ({
        what: `the membership in the group ${groupId}`,
        remove: `Take them out of the group ${groupId}, which has assignments of its own: ${store('delete-group-membership')} --membership-id ${commandWord(membershipId, 'MEMBERSHIP-ID')}`,
        giveBack: `To give it back: ${store('create-group-membership')} --group-id ${commandWord(groupId, 'GROUP-ID')} --member-id UserId=${user}`,
      })),
    ],
    more: own.length > MOST_LISTED || memberships.length > MOST_LISTED,
  };
}

/** By which the rest is seen. */
export function thereIsMore(instance: IdentityCenterInstance, { userId }: PersonReach): string {
  return `There is more than is listed here. All of it: ${commandsOf(instance).admin('list-account-assignments-for-principal')} --principal-type USER --principal-id ${commandWord(userId, 'USER-ID')}`;
}

function commandsOf({ instanceArn, identityStoreId, region }: IdentityCenterInstance) {
  return {
    admin: (operation: string) => `aws sso-admin ${operation} --region ${region} --instance-arn ${instanceArn}`,
    store: (operation: string) =>
      `aws identitystore ${operation} --region ${region} --identity-store-id ${identityStoreId}`,
    ofSet: ({ arn }: Pick<PermissionSet, 'arn'>) => `--permission-set-arn ${commandWord(arn, 'SET-ARN')}`,
  };
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
