import {
  DeleteInlinePolicyFromPermissionSetCommand,
  DescribePermissionSetProvisioningStatusCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  type PermissionSetProvisioningStatus,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { parameter } from '../../containment/call.ts';
import { instanceOfSet } from '../../containment/permission-set-change.ts';
import type { Clock } from '../../ports/clock.ts';
import { errorNameOf } from '../iam-errors.ts';
import { type MakeService, notOfThisService, type ResourceService } from './resource-service.ts';

/** Each has 100 accounts; whether there is one that has not the latest is all that is asked. */
const MAX_PAGES = 10;
/** There may be many sets, and many accounts of each, and a function has a minute: how it ends, verify sees. */
const PATIENCE_MS = 5_000;
const BETWEEN_LOOKS_MS = 1_000;

export const makeService: MakeService = (config, clock) => createPermissionSets(new SSOAdminClient(config), clock);

/** Permission sets of IAM Identity Center, by their inline policy. */
export function createPermissionSets(client: SSOAdminClient, clock: Clock): ResourceService {
  /** Brings the set as it is into every account that has it, and waits for that. */
  const provision = async (set: Which): Promise<void> => {
    const asked = await client.send(
      new ProvisionPermissionSetCommand({ ...set, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }),
    );
    const deadline = clock.now().getTime() + PATIENCE_MS;
    for (let status = asked.PermissionSetProvisioningStatus; ; ) {
      if (isProvisioned(status)) return;
      const id = status?.RequestId;
      if (id === undefined) throw named('ProvisioningUnknown', 'IAM Identity Center answered without RequestId');
      if (clock.now().getTime() >= deadline) {
        throw named(
          'ProvisioningUnfinished',
          `not yet in every account after ${PATIENCE_MS / 1_000} s (request ${id})`,
        );
      }
      await clock.sleep(BETWEEN_LOOKS_MS);
      const seen = await client.send(
        new DescribePermissionSetProvisioningStatusCommand({
          InstanceArn: set.InstanceArn,
          ProvisionPermissionSetRequestId: id,
        }),
      );
      status = seen.PermissionSetProvisioningStatus;
    }
  };
  return {
    reads: 'GetInlinePolicyForPermissionSet',
    async read({ arn }) {
      const set = { InstanceArn: instanceOfSet(arn), PermissionSetArn: arn };
      const { InlinePolicy = '' } = await client.send(new GetInlinePolicyForPermissionSetCommand(set));
      const behind = await butThere(accountsBehind(client, set));
      return { kind: 'permission-set', inline: InlinePolicy === '' ? null : InlinePolicy, behind };
    },
    prepare(call) {
      const set = {
        InstanceArn: parameter(call, 'InstanceArn'),
        PermissionSetArn: parameter(call, 'PermissionSetArn'),
      };
      switch (call.operation) {
        case 'PutInlinePolicyToPermissionSet': {
          const InlinePolicy = parameter(call, 'InlinePolicy');
          return async () => {
            await client.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy }));
            await provision(set);
          };
        }
        case 'DeleteInlinePolicyFromPermissionSet':
          return async () => {
            await unlessGone(client.send(new DeleteInlinePolicyFromPermissionSetCommand(set)));
            await provision(set);
          };
        default:
          return notOfThisService(call);
      }
    },
  };
}

type Which = { readonly InstanceArn: string; readonly PermissionSetArn: string };

/**
 * The accounts in which the role is not yet what the set says.
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountsForProvisionedPermissionSet.html
 */
async function accountsBehind(client: SSOAdminClient, set: Which): Promise<readonly string[]> {
  const all: string[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.send(
      new ListAccountsForProvisionedPermissionSetCommand({
        ...set,
        ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
        MaxResults: 100,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    if (answer.AccountIds === undefined) throw new Error('IAM Identity Center answered without AccountIds');
    all.push(...answer.AccountIds);
    NextToken = answer.NextToken;
    if (NextToken === undefined || NextToken === '') return all;
  }
  return all;
}

function isProvisioned(status: PermissionSetProvisioningStatus | undefined): boolean {
  switch (status?.Status) {
    case 'SUCCEEDED':
      return true;
    case 'IN_PROGRESS':
      return false;
    case 'FAILED':
      throw named('ProvisioningFailed', status.FailureReason ?? 'no reason was given');
    default:
      throw named('ProvisioningUnknown', 'IAM Identity Center answered without Status');
  }
}

/** The set has just told its policy: an answer that it is not there is none by which anybody is contained. */
async function butThere<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (errorNameOf(error) !== 'ResourceNotFoundException') throw error;
    throw named('PermissionSetUnclear', 'the set tells its policy, and its accounts as if there were no such set');
  }
}

/** That there is no policy is the goal; whether the set itself is there, the provisioning says. */
async function unlessGone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (errorNameOf(error) !== 'ResourceNotFoundException') throw error;
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
