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
  /** More than are kept of one call, or not told so that they could be found. */
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
  const all = ingress.length > 0 ? ingress.map((one) => answered(one, account)) : asked(request, account).map(asKept);
  const rules = all.filter((one) => one !== undefined).slice(0, MOST_RULES);
  return {
    group: textAt(request, 'groupId') ?? textAt(ingress[0], 'groupId') ?? '',
    rules,
    leftOut: all.length - rules.length,
  };
}

function answered(item: JsonObject, account: string): StandingRule | undefined {
  const group = isJsonObject(item.referencedGroupInfo) ? item.referencedGroupInfo : undefined;
  const source =
    textAt(item, 'cidrIpv4') ?? textAt(item, 'cidrIpv6') ?? textAt(item, 'prefixListId') ?? groupSource(group, account);
  const ruleId = textAt(item, 'securityGroupRuleId');
  return rule(item, source, /^sgr-[\da-f]+$/.test(ruleId ?? '') ? ruleId : undefined);
}

function asked(request: JsonObject, account: string): readonly (StandingRule | undefined)[] {
  const permissions = itemsOf(request.ipPermissions);
  // The short form: one range of addresses beside the ports.
  if (permissions.length === 0) return [rule(request, textAt(request, 'cidrIp'), undefined)];
  return permissions.flatMap((permission) => {
    const sources = [
      ...itemsOf(permission.ipRanges).map((one) => textAt(one, 'cidrIp')),
      ...itemsOf(permission.ipv6Ranges).map((one) => textAt(one, 'cidrIpv6')),
      ...itemsOf(permission.prefixListIds).map((one) => textAt(one, 'prefixListId')),
      ...itemsOf(permission.groups).map((one) => groupSource(one, account)),
    ];
    return (sources.length === 0 ? [undefined] : sources).map((source) => rule(permission, source, undefined));
  });
}

/**
 * As EC2 keeps what it was asked for: protocols by their names, and of a range no more than its prefix. In another spelling
 * the rule would be looked for in vain, and would count as taken out. `undefined`: it is not certain how EC2 spells it.
 */
function asKept(one: StandingRule | undefined): StandingRule | undefined {
  if (one === undefined) return undefined;
  const protocol = PROTOCOL_NAMES[one.protocol] ?? one.protocol;
  const source = rangeAsKept(one.source);
  return /^\d/.test(protocol) || source === undefined ? undefined : { ...one, protocol, source };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** Of version 6 only everybody and single addresses are told here. Prefix lists and groups are names. */
function rangeAsKept(source: string): string | undefined {
  const [address = '', length = ''] = source.split('/');
  const bits = Number(length);
  if (address.includes(':')) {
    const url = `http://[${address}]`;
    const isPlain = bits === 128 && URL.canParse(url) && new URL(url).hostname === `[${address}]`;
    return source === '::/0' || isPlain ? source : undefined;
  }
  if (!address.includes('.')) return source;
  const bytes = address.split('.').map(Number);
  if (bits > 32 || bytes.some((byte) => byte > 255)) return undefined;
  const kept = bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * at))));
  return `${kept.map((byte) => byte & 0xff).join('.')}/${bits}`;
}

function rule(of: JsonObject, source: string | undefined, ruleId: string | undefined): StandingRule | undefined {
  const protocol = textAt(of, 'ipProtocol');
  if (protocol === undefined || !isProtocol(protocol) || source === undefined || !isSource(source)) return undefined;
  const [fromPort, toPort] = protocol === '-1' ? [-1, -1] : [portAt(of.fromPort), portAt(of.toPort)];
  const description = textAt(of, 'description');
  return {
    protocol,
    fromPort,
    toPort,
    source,
    ...(ruleId === undefined ? {} : { ruleId }),
    ...(description === undefined ? {} : { description: storable(description, 255) }),
  };
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
