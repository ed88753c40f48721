import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { InitializeMiddleware, MetadataBearer } from '@smithy/types';
import { createIdentityCenter } from '../../shared/aws/identity-center.ts';
import { createPermissionSets } from '../../shared/aws/resources/permission-sets.ts';
import type { ResourceService } from '../../shared/aws/resources/resource-service.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { IdentityCenter } from '../../shared/ports/identity-center.ts';
import type { Fault } from './fake-iam.ts';
import type { Things } from './oracle.ts';
import { thingOf } from './thing-of.ts';

/**
 * Not shown against AWS: the embedded AWS has no Identity Center. The real clients are answered by a memory, in the
 * shapes of the API references of IAM Identity Center and of its identity store.
 */
export const CENTER = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  identityStoreId: 'd-1234567890',
  region: 'eu-central-1',
  contain: true,
} as const;
export const EVE = '906792d3-b0e1-70f8-d7f2-5a0000000001';
/** The role by which she comes into the account. */
export const EVES_ROLE = {
  roleId: 'AROASSO',
  roleName: 'AWSReservedSSO_Admin_0123456789abcdef',
  arn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef',
};
export const BOB = '906792d3-b0e1-70f8-d7f2-5a0000000002';
export const ADMIN_SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000001';
export const READER_SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000002';

/** What a provisioning comes to, although the call that asks for it is answered. */
export const PROVISIONING_FAULTS = ['fails', 'never-ends'] as const;
export type CenterFault = Fault | (typeof PROVISIONING_FAULTS)[number];

type PermissionSetRow = { name: string; inline: string | null; readonly accounts: Map<string, string | null> };
type Assignment = { readonly account: string; readonly set: string; readonly user: string; readonly group?: string };
type Input = Readonly<Record<string, unknown>>;
type Provisioning = { readonly set: string; readonly ends: number; readonly fails: boolean; done: boolean };
/** In whose turn a call is made; at once unless told. */
type Turn = <T>(operation: string, run: () => Promise<T>) => Promise<T>;

/** eve has the set Admin in two accounts, and Reader through a group in the second. */
export function createFakeIdentityCenter(clock: Pick<Clock, 'now'>) {
  const sets = new Map<string, PermissionSetRow>([
    [ADMIN_SET, row('Admin', null, ['111122223333', '444455556666'])],
    [READER_SET, row('Reader', null, ['444455556666'])],
  ]);
  const users = new Map([
    [EVE, 'eve@example.com'],
    [BOB, 'bob@example.com'],
  ]);
  const assignments: Assignment[] = [
    { account: '111122223333', set: ADMIN_SET, user: EVE },
    { account: '444455556666', set: READER_SET, user: EVE, group: 'group-1' },
  ];
  const log: { readonly operation: string; readonly input: Input }[] = [];
  const faults: { readonly operation: string; occurrence: number; last: number; readonly fault: CenterFault }[] = [];
  const provisionings = new Map<string, Provisioning>();
  /** How long a provisioning takes, and whether it fails. */
  const provisioning = { milliseconds: 1_500, fails: false };

  const bringOut = (): void => {
    for (const one of provisionings.values()) {
      if (one.done || one.ends > clock.now().getTime()) continue;
      one.done = true;
      const set = sets.get(one.set);
      for (const account of one.fails ? [] : (set?.accounts.keys() ?? [])) set?.accounts.set(account, set.inline);
    }
  };
  const setIn = ({ PermissionSetArn }: Input): PermissionSetRow => {
    const found = sets.get(String(PermissionSetArn));
    if (found === undefined) throw fault('missing');
    return found;
  };
  const statusOf = (id: string, { set, fails, done }: Provisioning) => ({
    PermissionSetProvisioningStatus: {
      RequestId: id,
      PermissionSetArn: set,
      Status: !done ? 'IN_PROGRESS' : fails ? 'FAILED' : 'SUCCEEDED',
      ...(done && fails ? { FailureReason: 'a policy of this name is not in the account' } : {}),
    },
  });
  const userIn = ({ UserId }: Input) => {
    const UserName = users.get(String(UserId));
    if (UserName === undefined) throw fault('missing');
    return { UserId, UserName, IdentityStoreId: CENTER.identityStoreId };
  };
  const answer = (operation: string, input: Input, met?: CenterFault): object => {
    bringOut();
    switch (operation) {
      case 'DescribeUser':
        return userIn(input);
      case 'GetUserId': {
        const { AttributeValue } = (input.AlternateIdentifier as { UniqueAttribute: Input }).UniqueAttribute;
        const found = [...users].find(([, name]) => name === AttributeValue);
        if (found === undefined) throw fault('missing');
        return { UserId: found[0], IdentityStoreId: CENTER.identityStoreId };
      }
      case 'ListGroupMembershipsForMember':
        return {
          GroupMemberships: assignments.flatMap(({ user, group }) =>
            group === undefined || user !== (input.MemberId as Input).UserId
              ? []
              : [{ IdentityStoreId: CENTER.identityStoreId, MembershipId: `in-${group}`, GroupId: group }],
          ),
        };
      case 'ListAccountAssignmentsForPrincipal':
        return {
          AccountAssignments: assignments
            .filter(({ user }) => user === input.PrincipalId)
            .map(({ account, set, user, group }) => ({
              AccountId: account,
              PermissionSetArn: set,
              PrincipalId: group ?? user,
              PrincipalType: group === undefined ? 'USER' : 'GROUP',
            })),
        };
      case 'DescribePermissionSet':
        return { PermissionSet: { PermissionSetArn: input.PermissionSetArn, Name: setIn(input).name } };
      case 'GetInlinePolicyForPermissionSet': {
        const { inline } = setIn(input);
        return inline === null ? {} : { InlinePolicy: inline };
      }
      case 'ListAccountsForProvisionedPermissionSet': {
        const { accounts, inline } = setIn(input);
        return { AccountIds: [...accounts].filter(([, there]) => there !== inline).map(([account]) => account) };
      }
      case 'PutInlinePolicyToPermissionSet': {
        const set = setIn(input);
        const text = String(input.InlinePolicy);
        if (text.replace(/\s/g, '').length > 10_240) throw named('ServiceQuotaExceededException');
        JSON.parse(text);
        set.inline = text;
        return {};
      }
      case 'DeleteInlinePolicyFromPermissionSet': {
        const set = setIn(input);
        if (set.inline === null) throw fault('missing');
        set.inline = null;
        return {};
      }
      case 'ProvisionPermissionSet': {
        setIn(input);
        const id = `request-${provisionings.size + 1}`;
        const { milliseconds, fails } = provisioning;
        const made = {
          set: String(input.PermissionSetArn),
          ends: met === 'never-ends' ? Number.POSITIVE_INFINITY : clock.now().getTime() + milliseconds,
          fails: fails || met === 'fails',
          done: false,
        };
        provisionings.set(id, made);
        return statusOf(id, made);
      }
      case 'DescribePermissionSetProvisioningStatus': {
        const id = String(input.ProvisionPermissionSetRequestId);
        const found = provisionings.get(id);
        if (found === undefined) throw fault('missing');
        return statusOf(id, found);
      }
      default:
        throw new Error(`Nobody answers ${operation}`);
    }
  };
  const meet = (operation: string): CenterFault | undefined => {
    let met: CenterFault | undefined;
    for (const one of faults) {
      if (one.operation !== operation) continue;
      one.occurrence -= 1;
      one.last -= 1;
      if (one.occurrence <= 0 && one.last >= 0) met ??= one.fault;
    }
    return met;
  };
  const handled = (operation: string, input: Input): object => {
    log.push({ operation, input });
    const met = meet(operation);
    if (met === undefined || met === 'fails' || met === 'never-ends') return answer(operation, input, met);
    if (met === 'answer-lost') answer(operation, input);
    throw fault(met);
  };
  /** Real clients, of which nothing is sent: what would be serialised next is answered here. */
  const answering =
    <In extends object, Out extends MetadataBearer>(turn: Turn): InitializeMiddleware<In, Out> =>
    (_next, { commandName = '' }) => {
      const operation = commandName.replace(/Command$/, '');
      return async ({ input }) => {
        const body = await turn(operation, async () => handled(operation, Object.fromEntries(Object.entries(input))));
        return { response: {}, output: { ...body, $metadata: {} } as Out };
      };
    };
  const config = { region: CENTER.region, maxAttempts: 1 };
  const adminIn = (turn: Turn): SSOAdminClient => {
    const client = new SSOAdminClient(config);
    client.middlewareStack.add(answering(turn), { step: 'initialize', priority: 'high' });
    return client;
  };
  const storeIn = (turn: Turn): IdentitystoreClient => {
    const client = new IdentitystoreClient(config);
    client.middlewareStack.add(answering(turn), { step: 'initialize', priority: 'high' });
    return client;
  };

  return {
    sets,
    users,
    assignments,
    log,
    provisioning,
    operations: (): readonly string[] => log.map(({ operation }) => operation),
    /** The n-th call of this operation from now, counted from 1, meets this fault; and so do the next ones, `times` in all. */
    failOn(operation: string, occurrence: number, met: CenterFault, times = 1): void {
      faults.push({ operation, occurrence, last: occurrence + times - 1, fault: met });
    },
    center: (turn: Turn = atOnce): IdentityCenter =>
      createIdentityCenter({ admin: adminIn(turn), store: storeIn(turn) }, CENTER),
    service: (processClock: Clock, turn: Turn = atOnce): ResourceService =>
      createPermissionSets(adminIn(turn), processClock),
    /** Each set, with what it says and what each account has of it, by the name that `thingOf` gives to what calls change. */
    things(): Things {
      bringOut();
      return new Map(
        [...sets].map(([PermissionSetArn, { inline, accounts }]) => [
          thingOf('', { PermissionSetArn }),
          JSON.stringify({ inline, ...Object.fromEntries(accounts) }),
        ]),
      );
    },
    /** Accounts in which somebody with this set is not denied everything, or all before a cut-off, by a look of one's own. */
    open(arn: string, userId: string, ends: 'everything' | 'sessions' = 'everything'): readonly string[] {
      bringOut();
      return [...(sets.get(arn)?.accounts ?? [])]
        .filter(([, inline]) => !deniesPerson(inline, userId, ends))
        .map(([account]) => account);
    },
  };
}

export type FakeIdentityCenter = ReturnType<typeof createFakeIdentityCenter>;

const atOnce: Turn = (_, run) => run();

function named(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error('refused'), { name, $metadata: { httpStatusCode } });
}

function fault(of: Fault): Error {
  switch (of) {
    case 'denied':
      return named('AccessDeniedException');
    case 'throttled':
      return named('ThrottlingException');
    case 'server-error':
      return named('InternalServerException', 500);
    case 'missing':
      return named('ResourceNotFoundException');
    case 'quota':
      return named('ServiceQuotaExceededException');
    case 'unavailable':
      return named('UnknownOperationException');
    case 'timeout':
    case 'answer-lost':
      return Object.assign(new Error('no answer'), { name: 'TimeoutError' });
  }
}

function row(name: string, inline: string | null, accounts: readonly string[]): PermissionSetRow {
  return { name, inline, accounts: new Map(accounts.map((account) => [account, inline])) };
}

function deniesPerson(inline: string | null, userId: string, ends: 'everything' | 'sessions'): boolean {
  const { Statement = [] } = inline === null ? {} : JSON.parse(inline);
  return Statement.some(
    (one: Record<string, unknown>) =>
      one.Effect === 'Deny' && one.Action === '*' && one.Resource === '*' && isAbout(one.Condition, userId, ends),
  );
}

function isAbout(condition: unknown, userId: string, ends: 'everything' | 'sessions'): boolean {
  const { StringEquals, DateLessThan, ...more } = Object(condition);
  const [cutOff, ...others] = Object.entries(Object(DateLessThan));
  return (
    JSON.stringify(StringEquals) === JSON.stringify({ 'identitystore:userId': userId }) &&
    Object.keys(more).length + others.length === 0 &&
    (cutOff === undefined || (ends === 'sessions' && cutOff[0] === 'aws:TokenIssueTime'))
  );
}
