/**
 * The network of an address, so that a new address of the same line is no news: the first 24 bits of IPv4, the first 48 of
 * IPv6, which is what a site is given (RFC 6177). Undefined for a service's host name, which `sourceIPAddress` may hold.
 */
export function networkOf(address: string): string | undefined {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  if (!/^[0-9a-f:.]{2,45}$/i.test(address) || !address.includes(':')) return undefined;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].slice(0, 3);
  return groups.length < 3
    ? undefined
    : `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
}
