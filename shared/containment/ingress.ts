import type { JsonObject } from '../json.ts';

/** What a security group lets in. A group holds no two of the same protocol, ports and source. */
export type IngressRule = {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all. */
  readonly protocol: string;
  /** -1 where the protocol has none, or all are meant; of ICMP, type and code. */
  readonly fromPort: number;
  readonly toPort: number;
  /** A range of addresses, a prefix list, or a security group; that of another account with `<account>/` before it. */
  readonly source: string;
};

/** One as it stands in a group, or as a call answered that it made it. */
export type StandingRule = IngressRule & { readonly ruleId?: string; readonly description?: string };

export function sameRule(a: IngressRule, b: IngressRule): boolean {
  return a.protocol === b.protocol && a.fromPort === b.fromPort && a.toPort === b.toPort && a.source === b.source;
}

/** `tcp 22 from 0.0.0.0/0`, for people and for keys. */
export function ruleText({ protocol, fromPort, toPort, source }: IngressRule): string {
  if (protocol === '-1') return `everything from ${source}`;
  const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort}`;
  return `${protocol} ${ports} from ${source}`;
}

/** The rule as EC2's calls take it: exactly this one. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
export function ipPermission({ protocol, fromPort, toPort, source, description }: StandingRule): JsonObject {
  const described = description === undefined ? {} : { Description: description };
  return {
    IpProtocol: protocol,
    // Where all protocols are meant there are no ports, and EC2 takes none.
    ...(protocol === '-1' ? {} : { FromPort: fromPort, ToPort: toPort }),
    ...sourceOf(source, described),
  };
}

function sourceOf(source: string, described: JsonObject): JsonObject {
  const [account, group] = source.split('/');
  if (source.startsWith('pl-')) return { PrefixListIds: [{ PrefixListId: source, ...described }] };
  if (source.startsWith('sg-')) return { UserIdGroupPairs: [{ GroupId: source, ...described }] };
  if (group?.startsWith('sg-') === true) {
    return { UserIdGroupPairs: [{ GroupId: group, UserId: account ?? '', ...described }] };
  }
  return source.includes(':')
    ? { Ipv6Ranges: [{ CidrIpv6: source, ...described }] }
    : { IpRanges: [{ CidrIp: source, ...described }] };
}

/** Whether the text is a source as EC2 writes it. */
export function isSource(text: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}|[\da-f:.]{2,45}\/\d{1,3}|pl-[\da-f]+|(?:\d{12}\/)?sg-[\da-f]+)$/.test(
    text,
  );
}

export function isProtocol(text: string): boolean {
  return /^(?:-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(text);
}
