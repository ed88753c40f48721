import type { Only } from './only.ts';

/** What a rule needs of the policy, in a few words each: for tables. */
export function describeOnly(only: Only | undefined): readonly string[] {
  if (only === undefined) return [];
  const { outside = [], outsideChangeWindow, sensitive, inList = {}, firstSeen } = only;
  return [
    ...outside.map((name) => `outside ${name}`),
    ...(outsideChangeWindow === true ? ['outside change windows'] : []),
    ...(sensitive === true ? ['sensitive'] : []),
    ...Object.values(inList).map((name) => `in ${name}`),
    ...(firstSeen === undefined ? [] : [`first seen ${firstSeen.join(' + ')}`]),
  ];
}
