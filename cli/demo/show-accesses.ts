import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AccessEntry } from '../../shared/access/access-entry.ts';
import { deedsOf } from '../../shared/access/deeds-of.ts';
import { createAccessReader } from '../../shared/aws/access-reader.ts';
import { createSessionReader } from '../../shared/aws/session-reader.ts';
import { timelineLines } from '../access/render-accesses.ts';
import { colour } from '../terminal/colour.ts';
import type { Stage } from './stage.ts';
import { waitFor } from './wait-for.ts';

/** A demo looks at what has just happened. */
const SINCE_MS = 3_600_000;
const MOST = 20;
const INDENT = '    ';

/** What `npx rescind what` shows of a principal, as soon as so many accesses are recorded. */
export async function showAccesses(
  stage: Stage,
  { name, key }: { readonly name: string; readonly key: string },
  count: number,
): Promise<readonly AccessEntry[]> {
  const { screen, connection, logFile } = stage;
  const dynamo = new DynamoDBClient(connection.config);
  const reader = {
    ...createAccessReader(dynamo, connection.output('AccessTable')),
    ...createSessionReader(dynamo, connection.output('AccessTable')),
  };
  const what = `${count} accesses of ${name} to be recorded`;
  screen.line();
  screen.line(`  ${colour.bold(`$ npx rescind what arn:aws:iam::${connection.account}:user/${name}`)}`);
  const found = await screen.during(
    `waiting for ${what}`,
    waitFor(what, { withinSeconds: 60, logFile }, async () => {
      const now = new Date();
      const asked = { since: new Date(now.getTime() - SINCE_MS), now, limit: MOST };
      const { accesses } = await deedsOf(reader, { key }, asked);
      return accesses.length >= count ? accesses : undefined;
    }).finally(() => dynamo.destroy()),
  );
  for (const line of timelineLines(found, 'what', screen.width() - INDENT.length)) screen.line(`${INDENT}${line}`);
  return found;
}
