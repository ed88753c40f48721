import type { Detection } from '../detection.ts';
import { literalOf } from '../evaluate/text-matcher.ts';
import { narrowingsOf } from '../narrowing.ts';
import { whyDormant } from '../only/why-dormant.ts';
import type { OnlyDraft } from './compile-only.ts';
import type { Report } from './problems.ts';
import type { ContextPolicy } from './rule-context.ts';

/** What only shows once the detection is known: whether what the rule asks can ever be answered. */
export function checkOnly(
  { only, at, firstSeenAt }: OnlyDraft,
  detection: Detection,
  policy: ContextPolicy | undefined,
  report: Report,
  warn: Report,
): void {
  if (policy === undefined) return;
  const dormant = whyDormant(only, policy);
  if (dormant !== undefined) {
    warn(at, `the rule cannot fire until ${dormant}`);
    return;
  }
  if (only.firstSeen === undefined) return;
  const sources = sourcesOf(detection);
  if (sources === undefined) {
    report(firstSeenAt, '`first-seen` needs a detection that says which services it looks at: add `eventSource`');
    return;
  }
  const missing = sources.filter((source) => !policy.record.services.includes(source));
  if (missing.length === 0) return;
  const names = missing.map((source) => source.replace(/\.amazonaws\.com$/, '')).join(', ');
  report(
    firstSeenAt,
    `\`first-seen\` needs the calls of ${names} to be recorded, or all would be seen first: add ${names} under \`record: services:\` in rescind.yaml`,
  );
}

/** The services whose events can meet the detection; undefined if it leaves them open. */
function sourcesOf(detection: Detection): readonly string[] | undefined {
  const sources = new Set<string>();
  for (const { source } of narrowingsOf(detection)) {
    if (source === undefined) return undefined;
    for (const { pattern } of source) {
      const literal = literalOf(pattern);
      if (literal === undefined) return undefined;
      sources.add(literal.toLowerCase());
    }
  }
  return [...sources];
}
