import type { WholeCase } from '../cases/whole-case.ts';
import { DETECTIONS } from './attack.ts';
import { checkContainment } from './check-containment.ts';
import type { Claims } from './claims.ts';
import { type Played, playAttack } from './play-attack.ts';
import { DEMO_SETTLE_SECONDS } from './policies.ts';
import { showAlert } from './show.ts';
import type { Stage } from './stage.ts';
import { waitFor } from './wait-for.ts';
import { watchDeny } from './watch-deny.ts';

/** The same attack under `mode: enforce`: access is taken back while it goes on. */
export async function enforceAct(stage: Stage, claims: Claims): Promise<Played> {
  const { screen, cast, receiver, connection, logFile } = stage;
  screen.heading('ACT TWO  mode: enforce. The same attack, and Rescind takes the access back.');
  screen.paragraph(
    `Called contained only after fresh reads have shown it for ${DEMO_SETTLE_SECONDS} s; on AWS it is 30 s or more, for IAM needs seconds to ` +
      'hold everywhere. The embedded AWS checks no permissions, so the calls after the deny go through here; on AWS they would be refused.',
    '  ',
  );
  screen.line();
  const watching = watchDeny(cast, connection.output('QuarantinePolicyArn'));
  const played = await playAttack(
    stage,
    'both subjects to be contained',
    ({ user, session }) =>
      isJudged(user) &&
      isJudged(session) &&
      user.detections.length === DETECTIONS.user.length &&
      session.detections.length === DETECTIONS.session.length,
  ).finally(() => watching.stop());
  await checkContainment(stage, claims, played, watching.seenAt());

  screen.line();
  screen.line('  What the person on call got in the end:');
  const alert = await waitFor('the alert that it is contained', { withinSeconds: 30, logFile }, async () =>
    receiver.received.find(
      ({ attributes }) => attributes.case === played.user.case.caseId && attributes.state === played.user.case.state,
    ),
  );
  showAlert(screen, alert);
  return played;
}

/** Contained, or what else became of it: anything but success is for the claims to tell. */
function isJudged({ case: { state } }: WholeCase): boolean {
  return state !== 'open' && state !== 'containing';
}
