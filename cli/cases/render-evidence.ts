import type { Evidence } from '../../shared/evidence/evidence.ts';
import { printable } from '../../shared/page/printable.ts';
import { plural } from '../terminal/plural.ts';

/** Long enough to open it, too short to be found later in a chat. */
export const LINK_SECONDS = 15 * 60;

/** What is kept of what the subject did, with links where they were made. */
export function evidenceLines(
  evidence: Evidence | undefined,
  links?: { readonly page: string; readonly log: string },
): readonly string[] {
  if (evidence === undefined) return ['Evidence  none yet: it is kept within a minute or two after a case opens'];
  if (evidence.kind === 'failed') {
    return [`Evidence  NOT KEPT, last tried at ${evidence.at}: ${printable(evidence.reason)}`];
  }
  const { events, from, to, at, sources, page, log } = evidence;
  return [
    `Evidence  ${plural(events, 'event')} of ${from} to ${to}, written at ${at}`,
    ...sources.flatMap(({ name, events: found, lacks }) => [
      `  ${name}: ${plural(found, 'event')}`,
      ...lacks.map((each) => `    ${printable(each)}`),
    ]),
    `  SHA-256   ${log.sha256}  activity.jsonl`,
    `            ${page.sha256}  activity.html`,
    ...(links === undefined
      ? []
      : [`  To read, for ${LINK_SECONDS / 60} minutes:`, `  ${links.page}`, `  As JSON lines:`, `  ${links.log}`]),
  ];
}
