import type { Correlator } from './create-correlator.ts';
import type { Finding, Mark } from './mark.ts';

/**
 * Judges a whole stream of marks at once, correlations of correlations included: for tests inside rules and for a
 * backtest, where everything is known before anything is said. The findings come in order of time.
 */
export function correlateAll(correlator: Correlator, marks: Iterable<Mark>): Finding[] {
  const findings: Finding[] = [];
  const groups = new Map<string, Map<string, Mark[]>>();
  addTo(groups, marks);
  // Parts first: what a correlation of correlations says must not be said before all of its parts are known.
  for (const id of correlator.order) {
    for (const group of groups.get(id)?.values() ?? []) {
      for (const finding of correlator.judge(id, group)) {
        findings.push(finding);
        addTo(groups, correlator.marksOfFinding(finding));
      }
    }
  }
  return findings.sort((a, b) => a.time - b.time || (a.key < b.key ? -1 : 1));
}

function addTo(groups: Map<string, Map<string, Mark[]>>, marks: Iterable<Mark>): void {
  for (const mark of marks) {
    const ofCorrelation = groups.get(mark.correlationId) ?? new Map<string, Mark[]>();
    groups.set(mark.correlationId, ofCorrelation);
    const group = ofCorrelation.get(mark.group);
    if (group === undefined) ofCorrelation.set(mark.group, [mark]);
    else group.push(mark);
  }
}
