import { hash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readEvidence } from '../../../shared/aws/read-evidence.ts';
import { evidenceLink } from '../../cases/evidence-links.ts';
import { evidenceLines } from '../../cases/render-evidence.ts';
import { colour } from '../../terminal/colour.ts';
import type { Claims } from '../claims.ts';
import type { StageOf } from '../stage.ts';
import { waitFor } from '../wait-for.ts';
import { CALLS_BEFORE } from './act-as-administrator.ts';
import type { Cast } from './cast.ts';
import type { Played } from './session-act.ts';

/** The activity log that the security team gets: in the bucket, by a link, with its hash in the case. */
export async function evidenceAct(stage: StageOf<Cast>, claims: Claims, { found, records }: Played): Promise<void> {
  const { screen, connection, logFile } = stage;
  const { caseId } = found.case;
  screen.heading('EVIDENCE  What the session did is in a bucket of its own.');
  const dynamo = new DynamoDBClient(connection.config);
  const what = `the evidence of ${caseId} to be kept`;
  const kept = await screen.during(
    `waiting for ${what}`,
    waitFor(what, { withinSeconds: 90, logFile }, async () => {
      const evidence = await readEvidence(dynamo, connection.output('CasesTable'), caseId);
      return evidence?.kind === 'kept' ? evidence : undefined;
    }).finally(() => dynamo.destroy()),
  );
  const [page, log] = await Promise.all([evidenceLink(connection, kept.page), evidenceLink(connection, kept.log)]);
  screen.line(`  ${colour.bold(`$ npx rescind case show ${caseId}`)}`);
  for (const line of evidenceLines(kept, { page, log })) {
    screen.paragraph(line.trimStart(), `    ${/^ */.exec(line)?.[0] ?? ''}`, '        ');
  }

  const [pageText = '', logText = ''] = await Promise.all([page, log].map(async (link) => (await fetch(link)).text()));
  const hashes = [pageText, logText].map((text) => hash('sha256', text));
  claims.add({
    text: 'The activity log and its page are what the case says was written, byte for byte',
    proof:
      'both fetched through their links by a client without credentials, their SHA-256 compared with those in the case',
    holds: JSON.stringify(hashes) === JSON.stringify([kept.page.sha256, kept.log.sha256]),
    seen: JSON.stringify({ hashes, kept }),
  });
  const ids = records.slice(0, CALLS_BEFORE).map(({ eventID }) => String(eventID));
  const own = ids.slice(1);
  claims.add({
    text: `It tells what the session did before it was noticed: ${records
      .slice(1, CALLS_BEFORE)
      .map(({ eventName }) => eventName)
      .join(', ')}`,
    proof: `activity.jsonl has the event ids of these records, among ${kept.events} events of the session`,
    holds: own.length > 0 && own.every((id) => logText.includes(id)),
    seen: logText,
  });
}
