import type { JsonObject } from '../../../shared/json.ts';
import type { WholeCase } from '../../cases/whole-case.ts';
import type { Claims } from '../claims.ts';
import { followFromHere, type LiveTimeline } from '../live-timeline.ts';
import type { PrincipalState } from '../principal-state.ts';
import { readRole } from '../read-principal.ts';
import { showAlert } from '../show.ts';
import { recordedAccesses } from '../show-accesses.ts';
import type { SmallHours } from '../small-hours.ts';
import type { StageOf } from '../stage.ts';
import { actAsAdministrator, CALLS_BEFORE } from './act-as-administrator.ts';
import type { Cast } from './cast.ts';
import { checkSession } from './check-session.ts';

export type Played = {
  readonly timeline: LiveTimeline;
  readonly found: WholeCase;
  /** The role before Rescind heard of it. */
  readonly before: PrincipalState;
  readonly since: Date;
  /** Of every call, as they went to the bus. */
  readonly records: readonly JsonObject[];
};

/** An administrator does at night what nobody expects; until the session is ended, verified and told. */
export async function sessionAct(stage: StageOf<Cast>, claims: Claims, night: SmallHours): Promise<Played> {
  const { screen, cast, bus, aws } = stage;
  const { person, personId, role, madeUser, iam } = cast;
  screen.heading(`${night.time} IN ${night.city.toUpperCase()}  An administrator makes a user.`);
  screen.paragraph(
    `Somebody has got hold of ${person}'s key. With it they step into the role ${role}, without MFA, look around and make the user ` +
      `${madeUser}: nothing that an administrator may not do, but at this hour, and announced by nobody.`,
    '  ',
  );
  screen.line();
  const timeline = await followFromHere(stage, 'CreateUser');
  const since = new Date();
  const records: JsonObject[] = [];
  let before: PrincipalState | undefined;
  const [{ found, alerts }] = await Promise.all([
    timeline.untilDealtWith('the session to be ended and that verified'),
    actAsAdministrator(aws, cast, bus, {
      onRecord: (record) => {
        records.push(record);
        timeline.onRecord(record);
      },
      // What is done by then can be in the evidence, which is kept as soon as the case opens.
      between: async () => {
        await recordedAccesses(stage, { name: person, id: personId }, CALLS_BEFORE);
        before = await readRole(iam, role);
      },
    }),
  ]);
  if (before === undefined) throw new Error('The role was not read before the record.');

  screen.line();
  screen.line('  What the person on call got:');
  const alert = alerts.at(-1);
  if (alert !== undefined) showAlert(screen, alert, { ofEachSection: 3 });
  const played = { timeline, found, before, since, records };
  await checkSession(stage, claims, played);
  return played;
}
