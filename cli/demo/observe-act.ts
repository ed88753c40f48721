import { CUT_OFF_AT_CONTAINMENT } from '../../shared/containment/plan.ts';
import { cleanUpByHand, DETECTIONS } from './attack.ts';
import type { Claims } from './claims.ts';
import { shortName } from './moments.ts';
import { close } from './orders.ts';
import { playAttack } from './play-attack.ts';
import { differenceLine } from './principal-state.ts';
import { showAlert, showPlan } from './show.ts';
import { changesBetween, countFacts, readAll } from './snapshots.ts';
import type { Stage } from './stage.ts';
import { waitFor } from './wait-for.ts';

/** The attack under `mode: observe`: detected, planned and told, and nothing is changed. */
export async function observeAct(stage: Stage, claims: Claims): Promise<void> {
  const { cast, screen, receiver, logFile } = stage;
  screen.heading('ACT ONE  mode: observe. Rescind watches, plans and tells. It changes nothing.');
  screen.paragraph(
    `Somebody has stolen an access key of ${cast.user}, a normal user. With it they look around, make themselves ` +
      `administrator, make a key for the administrator ${cast.administrator}, step into the role ${cast.role} and stop the trail.`,
    '  ',
  );
  screen.line();
  const { user, session, before, ...result } = await playAttack(
    stage,
    'the two cases to be planned',
    ({ user, session }) =>
      [user, session].every(({ case: { outcome } }) => outcome?.kind === 'planned') &&
      user.detections.length === DETECTIONS.user.length &&
      session.detections.length === DETECTIONS.session.length,
  );
  const pages = await waitFor('one page for each case', { withinSeconds: 30, logFile }, async () =>
    receiver.received.length >= 2 ? [...receiver.received] : undefined,
  );

  screen.line();
  screen.line('  What it would have done:');
  for (const { plan, case: found } of [user, session]) {
    if (plan !== undefined) showPlan(screen, shortName(found.subject), plan);
  }
  screen.line(`    (${CUT_OFF_AT_CONTAINMENT} stands for the moment at which it would be done.)`);
  screen.line();
  screen.line('  What the person on call got, of the first case:');
  const page = pages.find(({ attributes }) => attributes.case === user.case.caseId);
  if (page !== undefined) showAlert(screen, page, 3);

  const after = await readAll(cast);
  const changes = changesBetween(cast, before, after);
  const cases = [user, session];
  claims.add({
    text: 'In observe mode, Rescind changed nothing in IAM',
    proof: `${countFacts(after)} facts of ${cast.user}, ${cast.administrator} and ${cast.role}, read before the records were on the bus and after the plan`,
    holds: changes.length === 0,
    seen: changes.map(differenceLine).join('; '),
  });
  claims.add({
    text: 'Three detections make two cases, one for each subject, and one page for each case',
    proof: 'the cases table; the subscriber',
    holds:
      pages.length === 2 &&
      cases.every(({ case: { caseId } }) => pages.some((each) => each.attributes.case === caseId)),
    seen: `${pages.length} pages`,
  });

  screen.line();
  screen.paragraph(
    'The operator reads it, believes it, and cleans up by hand: the policy off, the new key deleted, the trail on again. ' +
      `That the stolen key of ${cast.user} still works is overlooked, as it happens.`,
    '  ',
  );
  await cleanUpByHand(cast, result);
  for (const { case: found } of cases) await close(stage, found.caseId);
}
