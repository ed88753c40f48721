import type { Correlator } from './create-correlator.ts';
import type { Finding, Mark } from './mark.ts';

/**
 * Judges a whole stream of marks at once, correlations of correlations included: for tests inside rules and for a
 * backtest, where everything is known before anything is said. The findings come in order of time.
 */
export function correlateAll(correlator: Correlator, marks: Iterable<Mark>): Finding[] {
  const findings = new Map<string, Finding>();
  const groups = new Map<string, Mark[]>();
  let touched = addTo(groups, marks);
  // A finding feeds only correlations above it, and the compiler refuses circles, so this ends.
  while (touched.size > 0) {
    const raised: Mark[] = [];
    for (const key of touched) {
      const group = groups.get(key) ?? [];
      const [first] = group;
      if (first === undefined) continue;
      for (const finding of correlator.judge(first.correlationId, group)) {
        if (!findings.has(finding.key)) raised.push(...correlator.marksOfFinding(finding));
        findings.set(finding.key, finding);
      }
    }
    touched = addTo(groups, raised);
  }
  return [...findings.values()].sort((a, b) => a.time - b.time || (a.key < b.key ? -1 : 1));
}

function addTo(groups: Map<string, Mark[]>, marks: Iterable<Mark>): Set<string> {
  const touched = new Set<string>();
  for (const mark of marks) {
    const key = `${mark.correlationId}\n${mark.group}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [mark]);
    else group.push(mark);
    touched.add(key);
  }
  return touched;
}
