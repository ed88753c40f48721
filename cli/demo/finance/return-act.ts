import { changingIamCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import { differenceLine, differences, fingerprint } from '../principal-state.ts';
import { readUser } from '../read-principal.ts';
import { ticketedCases } from '../show-ticket.ts';
import type { StageOf } from '../stage.ts';
import type { Cast } from './cast.ts';
import type { Played } from './night-act.ts';
import { HOLD } from './policy.ts';
import { secretVersions } from './secret-versions.ts';

/** Nobody does anything: the hold ends, and the access is there again. */
export async function returnAct(
  stage: StageOf<Cast>,
  claims: Claims,
  { timeline, found, before, since }: Played,
): Promise<void> {
  const { screen, cast } = stage;
  const { iam, cloudTrail, developer, secrets, secret, firstVersion } = cast;
  screen.heading(`${HOLD.told} LATER  Nobody does anything. Here these are ${HOLD.seconds} s.`);
  screen.line();
  const {
    found: { case: released },
  } = await timeline.untilTold('the access to come back by itself', 'released');
  const [now, calls, versions] = await Promise.all([
    readUser(iam, developer),
    changingIamCalls(cloudTrail, since),
    secretVersions(secrets, secret),
  ]);
  const [taken, back] = ['PutUserPolicy', 'DeleteUserPolicy'].map((action) =>
    calls.find((each) => each.action === action),
  );
  const seconds = ((back?.at.getTime() ?? Number.NaN) - (taken?.at.getTime() ?? Number.NaN)) / 1000;
  const until = Date.parse(found.case.until ?? '');
  claims.add({
    text: `It came back by itself ${seconds.toFixed(1)} s after it was taken, not before its time, by one call`,
    proof: `the embedded AWS's own log: ${calls.map(({ action }) => action).join(', ')}; the case was released by "${released.release?.by ?? 'nobody'}"`,
    holds: calls.length === 2 && (back?.at.getTime() ?? 0) >= until && released.release?.by === 'the end of its time',
    seen: JSON.stringify({ calls, until: found.case.until, release: released.release }),
  });
  const withheld = released.release?.withheld ?? [];
  claims.add({
    text: `The password that was read did not come back with it: no release takes a rotation of ${secret} back, and it says so`,
    proof: `the release: ${withheld[0]?.reason ?? 'nothing is withheld'}; DescribeSecret`,
    holds:
      withheld.length > 0 && withheld.every(({ target }) => target.includes(secret)) && !versions.has(firstVersion),
    seen: JSON.stringify({ withheld, versions: [...versions] }),
  });
  const tickets = ticketedCases(stage);
  claims.add({
    text: 'One ticket was opened, whatever became of the case',
    proof: `what came to the topic of tickets over HTTP: ${tickets.length}, for ${tickets.join(', ')}`,
    holds: tickets.length === 1 && tickets[0] === found.case.caseId,
    seen: tickets.join(', '),
  });
  const left = differences(before, now);
  screen.line();
  screen.line(`  All that IAM says of ${developer}, as one hash:`);
  screen.line(`    before the read   sha256 ${fingerprint(before)}`);
  screen.line(`    after the release sha256 ${fingerprint(now)}`);
  claims.add({
    text: `${developer} is as before, byte for byte`,
    proof: `${now.facts.size} facts by fresh reads; the embedded AWS does not offer ${now.unavailable.join(', ')}`,
    holds: left.length === 0 && fingerprint(before) === fingerprint(now),
    seen: left.map(differenceLine).join('; '),
  });
}
