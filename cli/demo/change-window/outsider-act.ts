import { changingIamCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import { differences } from '../principal-state.ts';
import { secretReader } from '../read-secret.ts';
import { showAlert } from '../show.ts';
import { showTicket, ticketedCases } from '../show-ticket.ts';
import type { StageOf } from '../stage.ts';
import type { Cast } from './cast.ts';
import { RELEASE } from './policy.ts';
import { type Announced, readBoth } from './release-night-act.ts';

/** Silence could also be deafness: somebody else does what was announced for others. Returns their case. */
export async function outsiderAct(stage: StageOf<Cast>, claims: Claims, announced: Announced): Promise<string> {
  const { screen, cast, bus, aws, receiver } = stage;
  const { finance, admin, outsider } = cast;
  const { timeline, suppressed, accesses, before, since } = announced;
  screen.heading(`THE SAME MINUTE  ${outsider.name}, whom the change does not name, reads it too.`);
  screen.line();
  const read = await secretReader({
    aws,
    bus,
    iam: finance.iam,
    credentials: outsider.key,
    onRecord: timeline.onRecord,
  });
  const [{ found, cases, alerts }] = await Promise.all([
    timeline.untilTold('the access to be taken, the password to be rotated, and both to be verified', 'contained'),
    read(finance.secret),
  ]);
  screen.line();
  screen.line('  What the person on call got:');
  const alert = alerts.at(-1);
  if (alert !== undefined) showAlert(screen, alert, { head: 4 });

  const [calls, now] = await Promise.all([changingIamCalls(finance.cloudTrail, since), readBoth(cast)]);
  await showTicket(stage, found.case.caseId);
  const tickets = ticketedCases(stage);
  const expected = `change window ${RELEASE.name} (${RELEASE.ticket})`;
  claims.add({
    text: `Both rules held and were left out, by ${expected}`,
    proof: `evaluate's log: ${suppressed.map(({ eventName }) => eventName).join(', ')}`,
    holds: suppressed.length >= 2 && suppressed.every(({ by }) => by === expected),
    seen: JSON.stringify(suppressed),
  });
  claims.add({
    text: `Nobody was paged about ${finance.developer} or ${admin.role}, and neither a case nor a ticket was opened`,
    proof: `the cases table: ${cases.length} case, about ${outsider.name}; what came to the subscriber over HTTP: ${receiver.received.length} alerts and ${tickets.length} ticket, all about it`,
    holds:
      cases.length === 1 &&
      found.case.subject.key === `user:${outsider.id}` &&
      receiver.received.every(({ attributes }) => attributes.case === found.case.caseId) &&
      tickets.every((caseId) => caseId === found.case.caseId),
    seen: JSON.stringify({
      cases: cases.map((each) => each.case),
      alerts: receiver.received.map(({ subject }) => subject),
    }),
  });
  const others = calls.filter(
    ({ parameters }) => parameters.UserName !== outsider.name && parameters.UserName !== admin.madeUser,
  );
  claims.add({
    text: `${finance.developer} and ${admin.role} stayed as they were`,
    proof: `${before.reduce((sum, { facts }) => sum + facts.size, 0)} facts before and now, and the embedded AWS's own log of every call`,
    holds:
      others.length === 0 &&
      before.length === now.length &&
      before.every((was, index) => {
        const is = now[index];
        return is !== undefined && differences(was, is).length === 0;
      }),
    seen: JSON.stringify(others),
  });
  claims.add({
    text: 'All of it is on record, with who did it and in which session',
    proof: `the access table: ${accesses.map(({ action }) => action).join(', ')}`,
    holds: ['GetSecretValue', 'AssumeRole', 'ListUsers', 'ListRoles', 'CreateUser'].every((name) =>
      accesses.some(({ action }) => action === name),
    ),
    seen: JSON.stringify(accesses),
  });
  claims.add({
    text: `${outsider.name}, whom the change does not name, lost the access: it was not silence for all`,
    proof: `the embedded AWS's own log, and the cases table: ${found.case.caseId}`,
    holds:
      calls.some(({ action, parameters }) => action === 'PutUserPolicy' && parameters.UserName === outsider.name) &&
      found.case.outcome?.kind === 'contained',
    seen: JSON.stringify(found.case),
  });
  return found.case.caseId;
}
