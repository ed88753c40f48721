import type { Claims } from '../claims.ts';
import { DEMO_SETTLE_SECONDS } from '../policy-folder.ts';
import { showAlert } from '../show.ts';
import type { StageOf } from '../stage.ts';
import type { Cast } from './cast.ts';
import { checkContainment } from './check-containment.ts';
import { type Played, playAttack } from './play-attack.ts';
import { watchDeny } from './watch-deny.ts';

/** The same attack under `mode: enforce`: access is taken back while it goes on. */
export async function enforceAct(stage: StageOf<Cast>, claims: Claims): Promise<Played> {
  const { screen, cast, connection } = stage;
  screen.heading('ACT TWO  mode: enforce. The same attack, and Rescind takes the access back.');
  screen.paragraph(
    `It says contained only after fresh reads have shown it for ${DEMO_SETTLE_SECONDS} s; on AWS for 30 s or more, for IAM needs seconds to hold ` +
      'everywhere. The embedded AWS checks no permissions, so calls after the deny still go through here; AWS refuses them. ' +
      'The functions were just deployed and start cold.',
    '  ',
  );
  const watching = watchDeny(cast, connection.output('QuarantinePolicyArn'));
  const played = await playAttack(
    stage,
    'both subjects to be contained, each for the settle time',
    // Contained, or what else became of it: anything but success is for the claims to tell.
    ({ case: { caseId, state } }, alerts) =>
      state !== 'open' &&
      state !== 'containing' &&
      alerts.some(({ attributes }) => attributes.case === caseId && attributes.state === state),
  ).finally(() => watching.stop());
  await checkContainment(stage, claims, played, watching.seenAt());

  screen.line();
  screen.line(`  What the person on call got in the end, of ${cast.user}:`);
  const alert = played.alerts.findLast(({ attributes }) => attributes.case === played.user.case.caseId);
  if (alert !== undefined) showAlert(screen, alert, { ofEachSection: 3 });
  return played;
}
