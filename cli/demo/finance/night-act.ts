import type { WholeCase } from '../../cases/whole-case.ts';
import type { ReceivedAlert } from '../../staging/alert-receiver.ts';
import type { Claims } from '../claims.ts';
import { followFromHere, type LiveTimeline } from '../live-timeline.ts';
import type { PrincipalState } from '../principal-state.ts';
import { readUser } from '../read-principal.ts';
import { secretReader } from '../read-secret.ts';
import { showAlert } from '../show.ts';
import { showAccesses } from '../show-accesses.ts';
import { showTicket } from '../show-ticket.ts';
import type { SmallHours } from '../small-hours.ts';
import type { StageOf } from '../stage.ts';
import type { Cast } from './cast.ts';
import { checkAccess } from './check-access.ts';
import { checkRotation } from './check-rotation.ts';

export type Played = {
  readonly timeline: LiveTimeline;
  readonly found: WholeCase;
  /** All that came while the access was taken. */
  readonly alerts: readonly ReceivedAlert[];
  /** The developer just before Rescind heard of the first read. */
  readonly before: PrincipalState;
  readonly since: Date;
};

/** Two secrets are read, one of them sensitive; until the access to that one is taken, its value rotated, and both told. */
export async function nightAct(stage: StageOf<Cast>, claims: Claims, night: SmallHours): Promise<Played> {
  const { screen, cast, bus, aws } = stage;
  const { iam, developer, developerId, secret, newsletter, key: credentials } = cast;
  screen.heading(
    `${night.time} IN ${night.city.toUpperCase()}  A developer reads the password of the finance database.`,
  );
  screen.paragraph(
    `${developer} reads ${secret}, which they may: by day nobody would mind. At this hour nobody is expected to work, no change was ` +
      `announced, and the secret is sensitive. Then they read ${newsletter}, which is not.`,
    '  ',
  );
  screen.line();
  const timeline = await followFromHere(stage, 'GetSecretValue');
  const [before, read] = await Promise.all([
    readUser(iam, developer),
    secretReader({ aws, bus, iam, credentials, onRecord: timeline.onRecord }),
  ]);
  const since = new Date();
  const [{ found, alerts }] = await Promise.all([
    timeline.untilTold('the access to be taken, the password to be rotated, and both to be verified', 'contained'),
    read(secret).then(() => read(newsletter)),
  ]);

  screen.line();
  const told = (state: string) => alerts.find(({ attributes }) => attributes.state === state);
  const [first, last] = [told('needs-human'), told('contained')];
  if (first !== undefined) {
    screen.line('  What the person on call got, while the password that was read was still valid:');
    showAlert(screen, first, { ofEachSection: 3 });
    screen.line();
  }
  screen.line('  And once it was valid no longer:');
  if (last !== undefined) showAlert(screen, last, { head: 5 });
  await showTicket(stage, found.case.caseId);
  const accesses = await showAccesses(stage, { name: developer, id: developerId }, 2);
  const played = { timeline, found, alerts, before, since };
  await checkAccess(stage, claims, played, accesses);
  await checkRotation(stage, claims, played);
  return played;
}
