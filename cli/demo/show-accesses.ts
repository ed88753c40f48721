import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AccessEntry } from '../../shared/access/access-entry.ts';
import { deedsOf } from '../../shared/access/deeds-of.ts';
import { createAccessReader } from '../../shared/aws/access-reader.ts';
import { createSessionReader } from '../../shared/aws/session-reader.ts';
import { timelineLines } from '../access/render-accesses.ts';
import { colour } from '../terminal/colour.ts';
import type { Stage } from './stage.ts';
import { waitFor } from './wait-for.ts';

type User = { readonly name: string; readonly id: string };

/** A demo looks at what has just happened. */
const SINCE_MS = 3_600_000;
const MOST = 20;
const INDENT = '    ';

/** What somebody did themselves and in sessions that lead back to them, as soon as so many calls are recorded. */
export async function recordedAccesses(
  { screen, connection, logFile }: Stage,
  { name, id }: User,
  count: number,
): Promise<readonly AccessEntry[]> {
  const dynamo = new DynamoDBClient(connection.config);
  const table = connection.output('AccessTable');
  const reader = { ...createAccessReader(dynamo, table), ...createSessionReader(dynamo, table) };
  const what = `${count} calls of ${name} to be recorded`;
  return screen.during(
    `waiting for ${what}`,
    waitFor(what, { withinSeconds: 60, logFile }, async () => {
      const now = new Date();
      const asked = { since: new Date(now.getTime() - SINCE_MS), now, limit: MOST };
      const { accesses } = await deedsOf(reader, { key: `user:${id}` }, asked);
      return new Set(accesses.map(({ eventId }) => eventId)).size >= count ? accesses : undefined;
    }).finally(() => dynamo.destroy()),
  );
}

/** What `npx rescind what` shows of them. */
export async function showAccesses(stage: Stage, user: User, count: number): Promise<readonly AccessEntry[]> {
  const { screen, connection } = stage;
  screen.line();
  screen.line(`  ${colour.bold(`$ npx rescind what arn:aws:iam::${connection.account}:user/${user.name}`)}`);
  const found = await recordedAccesses(stage, user, count);
  for (const line of timelineLines(found, 'what', screen.width() - INDENT.length)) screen.line(`${INDENT}${line}`);
  return found;
}
