import { isJsonObject, type JsonObject } from '../../../shared/json.ts';
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
  claims.add({
    text: `The session was ended ${milliseconds} ms after the record was put on the bus; the trust policy came after it`,
    proof: `the embedded AWS's own log: ${ours.map(({ action }) => action).join(', ')}; on AWS, CloudTrail's own delivery comes before it`,
    holds:
      JSON.stringify(ours.map(({ action }) => action)) ===
        JSON.stringify(['PutRolePolicy', 'UpdateAssumeRolePolicy']) && milliseconds >= 0,
    seen: JSON.stringify(ours),
  });
  const changes = differences(before, now);
  const [inline, trust, ...more] = [...changes].sort((a, b) => (a.fact < b.fact ? -1 : 1));
  const document = decodeURIComponent(inline?.after ?? '');
  const statements = statementsOf(document);
  const userId = `${roleId}:${sessionName}`;
  claims.add({
    text: `Only that session is denied: other administrators work on in ${role}`,
    proof: `GetRolePolicy: the condition of the one new inline policy names ${userId} and a cut-off after it was at work`,
    holds:
      inline?.before === undefined &&
      statements.length === 1 &&
      statements.every((each) => deniesSession(each, userId, recordedAt)),
    seen: `${changes.map(differenceLine).join('; ')} ${document}`,
  });
  const [were, are] = [trust?.before, trust?.after].map((each) => statementsOf(decodeURIComponent(each ?? '')));
  const [added] = are?.slice(were?.length) ?? [];
  claims.add({
    text: `New sessions of ${role} need MFA of the last hour: one statement that denies is at the end of its trust policy`,
    proof: `GetRole: what was there stands before it as it was; ${before.facts.size} facts of ${role} before and now, and nothing else differs`,
    holds:
      trust?.fact === 'trust policy' &&
      more.length === 0 &&
      were?.length === 1 &&
      are?.length === 2 &&
      JSON.stringify(are[0]) === JSON.stringify(were[0]) &&
      added !== undefined &&
      asksForMfa(added),
    seen: JSON.stringify(are),
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

/** Nobody but a service of AWS opens a session without MFA, or with one that is older than an hour. */
function asksForMfa({ Effect, Principal, Action, Condition }: JsonObject): boolean {
  const { NumericGreaterThanIfExists: age } = isJsonObject(Condition) ? Condition : {};
  return (
    Effect === 'Deny' &&
    Principal === '*' &&
    Action === 'sts:AssumeRole' &&
    isJsonObject(age) &&
    age['aws:MultiFactorAuthAge'] === '3600'
  );
}
