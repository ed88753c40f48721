/** Is a value of a list meant as a range of addresses, such as `203.0.113.0/24`? Whether it is a sound one, the engine knows. */
export function isRange(text: string): boolean {
  return /^[0-9a-f.:]*[.:][0-9a-f.:]*\/\d{1,3}$/i.test(text);
}

/** Is it an address of IPv6? Each can be written in many ways, so that it is compared as an address and not as a text. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const sound = groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
  return sound && (halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8);
}
