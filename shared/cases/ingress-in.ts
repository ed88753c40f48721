import type { AccessEvent } from '../access/access-event.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isProtocol, isSource, type StandingRule } from '../containment/ingress.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { storable } from './storable.ts';

/** A group holds at most 60 rules by default, and rarely more; a record may be a megabyte. */
const MOST_RULES = 60;

export type OpenedIngress = {
  readonly group: string;
  readonly rules: readonly StandingRule[];
  readonly leftOut: number;
};

/**
 * The rules that a recorded AuthorizeSecurityGroupIngress let in: as EC2 answered, with their ids and in its own spelling;
 * where a record has no such answer, as they were asked for.
 */
export function ingressIn({ record, account }: AccessEvent): OpenedIngress {
  const request = isJsonObject(record.requestParameters) ? record.requestParameters : {};
  const answer = isJsonObject(record.responseElements) ? itemsOf(record.responseElements.securityGroupRuleSet) : [];
  const ingress = answer.filter(({ isEgress }) => isEgress !== true);
  const all = ingress.length > 0 ? ingress.flatMap((one) => answered(one, account)) : asked(request, account);
  return {
    group: textAt(request, 'groupId') ?? textAt(ingress[0], 'groupId') ?? '',
    rules: all.slice(0, MOST_RULES),
    leftOut: Math.max(0, all.length - MOST_RULES),
  };
}

function answered(item: JsonObject, account: string): readonly StandingRule[] {
  const group = isJsonObject(item.referencedGroupInfo) ? item.referencedGroupInfo : undefined;
  const source =
    textAt(item, 'cidrIpv4') ?? textAt(item, 'cidrIpv6') ?? textAt(item, 'prefixListId') ?? groupSource(group, account);
  const ruleId = textAt(item, 'securityGroupRuleId');
  return rule(item, source, /^sgr-[\da-f]+$/.test(ruleId ?? '') ? ruleId : undefined);
}

function asked(request: JsonObject, account: string): readonly StandingRule[] {
  const permissions = itemsOf(request.ipPermissions);
  // The short form: one range of addresses beside the ports.
  if (permissions.length === 0) return rule(request, textAt(request, 'cidrIp'), undefined);
  return permissions.flatMap((permission) => {
    const sources = [
      ...itemsOf(permission.ipRanges).map((one) => textAt(one, 'cidrIp')),
      ...itemsOf(permission.ipv6Ranges).map((one) => textAt(one, 'cidrIpv6')),
      ...itemsOf(permission.prefixListIds).map((one) => textAt(one, 'prefixListId')),
      ...itemsOf(permission.groups).map((one) => groupSource(one, account)),
    ];
    return sources.flatMap((source) => rule(permission, source, undefined));
  });
}

function rule(of: JsonObject, source: string | undefined, ruleId: string | undefined): readonly StandingRule[] {
  const protocol = textAt(of, 'ipProtocol');
  if (protocol === undefined || !isProtocol(protocol) || source === undefined || !isSource(source)) return [];
  const [fromPort, toPort] = protocol === '-1' ? [-1, -1] : [portAt(of.fromPort), portAt(of.toPort)];
  const description = textAt(of, 'description');
  return [
    {
      protocol,
      fromPort,
      toPort,
      source,
      ...(ruleId === undefined ? {} : { ruleId }),
      ...(description === undefined ? {} : { description: storable(description, 255) }),
    },
  ];
}

function groupSource(group: JsonObject | undefined, account: string): string | undefined {
  const id = textAt(group, 'groupId');
  const owner = textAt(group, 'userId');
  return id === undefined || owner === undefined || owner === account ? id : `${owner}/${id}`;
}

function portAt(value: Json | undefined): number {
  return typeof value === 'number' ? value : -1;
}

/** Lists of EC2 stand in a record as `{ items: [...] }`, and empty ones as `{}`. */
function itemsOf(list: Json | undefined): readonly JsonObject[] {
  return isJsonObject(list) && Array.isArray(list.items) ? list.items.filter(isJsonObject) : [];
}
