import type { AccessEntry } from '../../../shared/access/access-entry.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { changingIamCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import { differenceLine, differences } from '../principal-state.ts';
import { readUser } from '../read-principal.ts';
import type { StageOf } from '../stage.ts';
import { statementsOf } from '../statements.ts';
import type { Cast } from './cast.ts';
import type { Played } from './night-act.ts';

/** What stands while the access is taken, by reads that know nothing of Rescind. */
export async function checkAccess(
  { cast, connection }: StageOf<Cast>,
  claims: Claims,
  { timeline, found, before, since }: Played,
  accesses: readonly AccessEntry[],
): Promise<void> {
  const { iam, cloudTrail, developer, secret, newsletter } = cast;
  const [now, calls] = await Promise.all([readUser(iam, developer), changingIamCalls(cloudTrail, since)]);
  const changes = differences(before, now);
  const [change] = changes;
  const document = decodeURIComponent(change?.after ?? '');
  const statements = statementsOf(document);

  const readAt = timeline.recordedAt('GetSecretValue') ?? Number.NaN;
  const denied = calls.find(({ action }) => action === 'PutUserPolicy');
  const milliseconds = (denied?.at.getTime() ?? Number.NaN) - readAt;
  claims.add({
    text: `The access was taken ${milliseconds} ms after the record of the read was put on the bus, by one call`,
    proof: `the embedded AWS's own log: ${calls.map(({ action }) => action).join(', ')}; on AWS, CloudTrail's own delivery comes before it`,
    holds: calls.length === 1 && milliseconds >= 0,
    seen: JSON.stringify(calls),
  });
  claims.add({
    text: `All else of ${developer} is as it was: groups, policies and keys`,
    proof: `${before.facts.size} facts before and now: one more, an inline policy`,
    holds: changes.length === 1 && change?.before === undefined && change?.fact.startsWith('inline policy ') === true,
    seen: changes.map(differenceLine).join('; '),
  });
  const arn = `arn:aws:secretsmanager:${connection.region}:${connection.account}:secret:${secret}-??????`;
  const logins = `arn:aws:rds-db:${connection.region}:${connection.account}:dbuser:*/*`;
  claims.add({
    text: `It denies every call on ${secret} and logins to databases (rds-db:connect), and nothing else`,
    proof: 'GetUserPolicy: its statements, one by one',
    holds:
      statements.length === 2 &&
      isDeny(statements, 'secretsmanager:*', arn) &&
      isDeny(statements, 'rds-db:connect', logins),
    seen: document,
  });
  claims.add({
    text: `Both reads are on record; only ${secret} was a detection, and ${newsletter} is still open to ${developer}`,
    proof: `the access table: ${accesses.length} reads; the cases table: ${found.detections.length} detection in ${found.case.caseId}`,
    holds:
      [secret, newsletter].every((name) =>
        accesses.some(({ resource }) => resource?.arn.includes(`:secret:${name}-`) === true),
      ) &&
      found.detections.length === 1 &&
      !document.includes(newsletter),
    seen: JSON.stringify({ accesses, detections: found.detections }),
  });
}

/** Whether one of them denies this action on this resource, and no other on any other. */
function isDeny(statements: readonly JsonObject[], action: string, resource: string): boolean {
  return statements.some(
    ({ Effect, Action, Resource, Condition, ...rest }) =>
      Effect === 'Deny' &&
      JSON.stringify([Action].flat()) === JSON.stringify([action]) &&
      JSON.stringify([Resource].flat()) === JSON.stringify([resource]) &&
      Condition === undefined &&
      !('NotAction' in rest || 'NotResource' in rest),
  );
}
