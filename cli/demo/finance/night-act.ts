import type { WholeCase } from '../../cases/whole-case.ts';
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

export type Played = {
  readonly timeline: LiveTimeline;
  readonly found: WholeCase;
  /** The developer just before Rescind heard of the first read. */
  readonly before: PrincipalState;
  readonly since: Date;
};

/** Two secrets are read, one of them sensitive; until the access to that one is taken, verified and told. */
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
    timeline.untilDealtWith('the access to be taken and verified'),
    read(secret).then(() => read(newsletter)),
  ]);

  screen.line();
  screen.line('  What the person on call got:');
  const alert = alerts.at(-1);
  if (alert !== undefined) showAlert(screen, alert, { ofEachSection: 3 });
  await showTicket(stage, found.case.caseId);
  const accesses = await showAccesses(stage, { name: developer, id: developerId }, 2);
  await checkAccess(stage, claims, { timeline, found, before, since }, { accesses, alerts });
  return { timeline, found, before, since };
}
