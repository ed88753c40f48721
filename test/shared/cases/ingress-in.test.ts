import { describe, expect, test } from 'vitest';
import { ingressIn } from '../../../shared/cases/ingress-in.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { accessEvent } from '../../support/case-scene.ts';

const permission = (ipProtocol: string, ranges: JsonObject): JsonObject => ({
  ipProtocol,
  fromPort: 22,
  toPort: 22,
  ...ranges,
});
const asked = (...items: JsonObject[]) =>
  ingressIn(
    accessEvent({ record: { requestParameters: { groupId: 'sg-0123456789abcdef0', ipPermissions: { items } } } }),
  );
const ipv4 = (cidrIp: string) => ({ ipRanges: { items: [{ cidrIp }] } });
const ipv6 = (cidrIpv6: string) => ({ ipv6Ranges: { items: [{ cidrIpv6 }] } });

describe('what was asked for, where EC2’s answer is not in the record', () => {
  test.each([
    ['6', ipv4('0.0.0.0/0'), 'tcp', '0.0.0.0/0'],
    ['17', ipv4('10.1.2.3/8'), 'udp', '10.0.0.0/8'],
    ['tcp', ipv4('192.168.255.255/17'), 'tcp', '192.168.128.0/17'],
    ['tcp', ipv4('203.0.113.7/32'), 'tcp', '203.0.113.7/32'],
    ['tcp', ipv6('::/0'), 'tcp', '::/0'],
    ['tcp', ipv6('2001:db8::1/128'), 'tcp', '2001:db8::1/128'],
  ])('is read as EC2 keeps it: %s from %j', (protocol, ranges, kept, source) => {
    const { rules, leftOut } = asked(permission(protocol, ranges));
    expect(rules).toEqual([{ protocol: kept, fromPort: 22, toPort: 22, source }]);
    expect(leftOut).toBe(0);
  });

  test.each([
    ['a protocol without a name', permission('50', ipv4('0.0.0.0/0'))],
    ['a protocol in another spelling', permission('TCP', ipv4('0.0.0.0/0'))],
    ['a range that may be kept in another spelling', permission('tcp', ipv6('2001:DB8:0::1/128'))],
    ['a range of which not every bit may be kept', permission('tcp', ipv6('2001:db8:8001::/33'))],
    ['no range', permission('tcp', ipv4('300.0.0.0/8'))],
    ['no address', permission('tcp', ipv6(':::::/128'))],
    ['text', permission('tcp', ipv4('everybody'))],
    ['nothing that is known', permission('tcp', {})],
  ])('is counted as left out, and not as nothing, where it is %s', (_, item) => {
    expect(asked(permission('tcp', ipv4('0.0.0.0/0')), item)).toMatchObject({ rules: [{}], leftOut: 1 });
  });
});
