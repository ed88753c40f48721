import { CUT_OFF_AT_CONTAINMENT } from '../../../shared/containment/plan.ts';
import { changingIamCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import { shortName } from '../moments.ts';
import { close } from '../orders.ts';
import { differenceLine } from '../principal-state.ts';
import { showAlert, showPlan } from '../show.ts';
import type { StageOf } from '../stage.ts';
import { cleanUpByHand } from './attack.ts';
import type { Cast } from './cast.ts';
import { type Played, playAttack } from './play-attack.ts';
import { changesBetween, countFacts, readAll } from './snapshots.ts';

/** The attack under `mode: observe`: detected, planned and told, and nothing is changed. */
export async function observeAct(stage: StageOf<Cast>, claims: Claims): Promise<void> {
  const { cast, screen } = stage;
  screen.heading('ACT ONE  mode: observe. Rescind watches, plans and tells. It changes nothing.');
  screen.paragraph(
    `Somebody has stolen an access key of ${cast.user}, a normal user. With it they look around, make themselves ` +
      `administrator, make a key for the administrator ${cast.administrator}, step into the role ${cast.role} and stop the trail.`,
    '  ',
  );
  const played = await playAttack(
    stage,
    'the two cases to be planned and told',
    ({ case: { caseId, outcome } }, alerts) =>
      outcome?.kind === 'planned' && alerts.some(({ attributes }) => attributes.case === caseId),
  );
  const { user, session, alerts } = played;

  screen.line();
  screen.line('  What it would have done:');
  for (const { plan, case: found } of [user, session]) {
    if (plan !== undefined) showPlan(screen, shortName(found.subject), plan);
  }
  screen.line(`    (${CUT_OFF_AT_CONTAINMENT} stands for the moment at which it would be done.)`);
  screen.line();
  screen.line('  What the person on call got, of the first case:');
  const page = alerts.find(({ attributes }) => attributes.case === user.case.caseId);
  if (page !== undefined) showAlert(screen, page, { head: 3 });
  await checkThatNothingChanged(stage, claims, played);

  screen.line();
  screen.paragraph(
    'The operator reads it, believes it, and cleans up by hand: the policy off, the new key deleted, the trail on again. ' +
      `That the stolen key of ${cast.user} still works is overlooked, as it happens.`,
    '  ',
  );
  await cleanUpByHand(cast, played);
  for (const { case: found } of [user, session]) await close(stage, found.caseId);
}

async function checkThatNothingChanged({ cast }: StageOf<Cast>, claims: Claims, played: Played): Promise<void> {
  const { user, session, alerts, before, since } = played;
  const [after, calls] = await Promise.all([readAll(cast), changingIamCalls(cast.cloudTrail, since)]);
  const changes = changesBetween(cast, before, after);
  claims.add({
    text: `In observe mode, ${cast.user}, ${cast.administrator} and ${cast.role} stayed as they were`,
    proof: `${countFacts(after)} facts, read by plain SDK calls before the records were on the bus and after the plan`,
    holds: changes.length === 0,
    seen: changes.map(differenceLine).join('; '),
  });
  const others = calls.filter(({ accessKeyId }) => accessKeyId !== cast.stolenKey.accessKeyId);
  claims.add({
    text: 'In observe mode, nobody but the attacker changed anything in IAM',
    proof: `the embedded AWS's own log of every call: ${calls.length} changed IAM, all with the stolen key`,
    holds: calls.length > 0 && others.length === 0,
    seen: others.map(({ action }) => action).join(', '),
  });
  const ids = [user.case.caseId, session.case.caseId];
  claims.add({
    text: 'Three detections made two cases, one for each subject, and one page for each case',
    proof: 'the cases table, and what came to the subscriber over HTTP',
    holds: alerts.length === 2 && ids.every((id) => alerts.some(({ attributes }) => attributes.case === id)),
    seen: `${alerts.length} pages: ${alerts.map(({ subject }) => subject).join('; ')}`,
  });
}
