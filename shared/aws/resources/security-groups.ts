import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { parameter } from '../../containment/call.ts';
import type { StandingRule } from '../../containment/ingress.ts';
import { resourceName } from '../../containment/resource.ts';
import { isJsonObject } from '../../json.ts';
import { errorNameOf } from '../iam-errors.ts';
import { type MakeService, notOfThisService, type ResourceService } from './resource-service.ts';

/** A group holds at most 1,000 rules, and a page as many: a token that goes on longer is a fault. */
const MAX_PAGES = 10;

export const makeService: MakeService = (config) => createSecurityGroups(new EC2Client(config));

/** Security groups of one region, by what they let in. */
export function createSecurityGroups(client: EC2Client): ResourceService {
  return {
    reads: 'DescribeSecurityGroupRules',
    async read(of) {
      const groupId = resourceName(of);
      const rules = await rulesOf(client, groupId);
      // A group that is not there has no rules either, and EC2 says so only when it is asked for the group.
      if (rules.length === 0) await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
      const account = of.account;
      return {
        kind: 'security-group',
        rules: rules.flatMap((rule) => (rule.IsEgress === true ? [] : [standing(rule, account)])),
      };
    },
    prepare(call) {
      const GroupId = parameter(call, 'GroupId');
      const { IpPermissions: given } = call.input;
      const IpPermissions = Array.isArray(given) ? given.filter(isJsonObject) : [];
      if (IpPermissions.length === 0) throw new TypeError(`${call.operation} without IpPermissions`);
      switch (call.operation) {
        case 'RevokeSecurityGroupIngress':
          return () => client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
        case 'AuthorizeSecurityGroupIngress':
          return () => unlessThere(client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions })));
        default:
          return notOfThisService(call);
      }
    },
  };
}

/** What our first try made, whose answer was lost, stands: a group holds no rule twice. */
async function unlessThere(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (errorNameOf(error) === 'InvalidPermission.Duplicate') return undefined;
    throw error;
  }
}

async function rulesOf(client: EC2Client, groupId: string): Promise<readonly SecurityGroupRule[]> {
  const all: SecurityGroupRule[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.send(
      new DescribeSecurityGroupRulesCommand({
        Filters: [{ Name: 'group-id', Values: [groupId] }],
        MaxResults: 1_000,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    all.push(...(answer.SecurityGroupRules ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined || NextToken === '') return all;
  }
  throw new Error(`The list did not end after ${MAX_PAGES} pages`);
}

function standing(rule: SecurityGroupRule, account: string): StandingRule {
  const { IpProtocol, FromPort = -1, ToPort = -1, SecurityGroupRuleId: ruleId, Description: description } = rule;
  const { GroupId, UserId } = rule.ReferencedGroupInfo ?? {};
  const group = GroupId === undefined || UserId === undefined || UserId === account ? GroupId : `${UserId}/${GroupId}`;
  const source = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? group;
  if (IpProtocol === undefined || source === undefined) throw new Error('EC2 answered with a rule without its source');
  return {
    protocol: IpProtocol,
    fromPort: FromPort,
    toPort: ToPort,
    source,
    ...(ruleId === undefined ? {} : { ruleId }),
    ...(description === undefined || description === '' ? {} : { description }),
  };
}
