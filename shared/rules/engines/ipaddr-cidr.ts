import ipaddr from 'ipaddr.js';
import type { CidrEngine } from './engine.ts';

/** IPv4 and IPv6. A service's host name in `sourceIPAddress` (`ec2.amazonaws.com`) is in no range. */
export const ipaddrCidr: CidrEngine = (range) => {
  const [given, length] = ipaddr.parseCIDR(range);
  const mapped = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress() && length >= MAPPED_BITS;
  const network = mapped ? given.toIPv4Address() : given;
  const bits = mapped ? length - MAPPED_BITS : length;
  return (text) => {
    // The library would also take `10.1` and `0x0a000001`, as C's inet_aton does; no record writes an address so.
    if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return false;
    // `::ffff:10.0.0.1` is 10.0.0.1.
    const address = ipaddr.process(text);
    return address.kind() === network.kind() && address.match(network, bits);
  };
};

/** `::ffff:0:0/96` holds all of IPv4. */
const MAPPED_BITS = 96;

/** Why a range is none, or undefined if it is one. */
export function checkCidr(range: string): string | undefined {
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(range) || ipaddr.IPv6.isValidCIDR(range)
    ? undefined
    : 'not a CIDR range';
}
