import { readPattern } from '../compile/read-pattern.ts';
import { isIpv6, isRange } from '../engines/is-range.ts';
import type { LeafValueTest } from '../evaluate/leaf-matcher.ts';

/** The values of a list as tests of a value: texts as Sigma compares them, wildcards included, and ranges of addresses. */
export function listTests(values: readonly string[]): readonly LeafValueTest[] {
  return values.map((value) => {
    if (isRange(value)) return { kind: 'cidr', range: value };
    if (isIpv6(value)) return { kind: 'cidr', range: `${value}/128` };
    return { kind: 'text', pattern: readPattern(value), cased: false };
  });
}
