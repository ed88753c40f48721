import { changingIamCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import { differenceLine, differences } from '../principal-state.ts';
import { readRole } from '../read-principal.ts';
import type { StageOf } from '../stage.ts';
import { deniesSession, statementsOf } from '../statements.ts';
import type { Cast } from './cast.ts';
import type { Played } from './session-act.ts';

/** What stands once the session is ended, by reads that know nothing of Rescind. */
export async function checkSession(
  { cast }: StageOf<Cast>,
  claims: Claims,
  { timeline, found, before, since }: Played,
): Promise<void> {
  const { iam, cloudTrail, role, roleId, sessionName, madeUser } = cast;
  const [now, calls] = await Promise.all([readRole(iam, role), changingIamCalls(cloudTrail, since)]);
  const ours = calls.filter(({ parameters }) => parameters.UserName !== madeUser);
  const recordedAt = timeline.recordedAt('CreateUser') ?? Number.NaN;
  const milliseconds = (ours[0]?.at.getTime() ?? Number.NaN) - recordedAt;
  const changes = differences(before, now);
  claims.add({
    text: `The session was ended ${milliseconds} ms after the record was put on the bus, by one call`,
    proof: `the embedded AWS's own log: ${ours.map(({ action }) => action).join(', ')}; on AWS, CloudTrail's own delivery comes before it`,
    holds: ours.length === 1 && milliseconds >= 0,
    seen: JSON.stringify(ours),
  });
  const document = decodeURIComponent(changes[0]?.after ?? '');
  const statements = statementsOf(document);
  const userId = `${roleId}:${sessionName}`;
  claims.add({
    text: `Only that session is denied: other administrators work on in ${role}`,
    proof: `${before.facts.size} facts of ${role} before and now: one more, an inline policy whose condition names ${userId} and a cut-off after it was at work`,
    holds:
      changes.length === 1 &&
      changes[0]?.before === undefined &&
      statements.length === 1 &&
      statements.every((each) => deniesSession(each, userId, recordedAt)),
    seen: `${changes.map(differenceLine).join('; ')} ${document}`,
  });
  const { outcome, state } = found.case;
  claims.add({
    text: 'The case ended as contained, grade B, with what is left open for a person',
    proof: `the cases table: ${found.case.caseId}`,
    holds:
      state === 'contained' && outcome?.kind === 'contained' && outcome.grade === 'B' && outcome.residual.length > 0,
    seen: JSON.stringify(found.case),
  });
}
