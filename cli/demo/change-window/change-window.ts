import { createChapter } from '../chapter.ts';
import { HOLD } from '../finance/policy.ts';
import { DEMO_SETTLE_SECONDS } from '../policy-folder.ts';
import { smallHoursAt } from '../small-hours.ts';
import { type Cast, makeCast } from './cast.ts';
import { outsiderAct } from './outsider-act.ts';
import { changeWindowPolicy, RELEASE } from './policy.ts';
import { releaseNightAct } from './release-night-act.ts';

export const changeWindow = createChapter<Cast>((now) => {
  const night = smallHoursAt(now);
  return {
    opening:
      'The same password is read and the same administrator makes a user at two in the morning, but in a change that was announced, ' +
      'with a ticket. Nobody is paged, and all of it is on record. Then somebody whom the change does not name reads the password too.',
    policies: [
      changeWindowPolicy(night.zone, now, ['arn:aws:iam::*:user/mara*', 'arn:aws:iam::*:role/administrator*']),
    ],
    makeCast,
    names: ({ finance, admin, outsider }) => [
      finance.developer,
      admin.person,
      `${admin.role}/${admin.sessionName}`,
      outsider.name,
    ],
    told: ({ finance, admin, outsider }, subscriber) => [
      `Policy: mode enforce; secrets finance/* are sensitive; office hours are 08:00-18:00, Monday to Friday, in ${night.city}, where it is ` +
        `${night.time} now; the change window ${RELEASE.name} (${RELEASE.ticket}) is open and names ${finance.developer} and ${admin.role}; ` +
        `settle ${DEMO_SETTLE_SECONDS} s (AWS gets 30 s); alerts to ${subscriber}`,
      `Clock: ${HOLD.told} take ${HOLD.seconds} s here, ${HOLD.toldSeconds / HOLD.seconds} times as fast.`,
      `Cast: ${finance.developer} and ${outsider.name}, developers; ${admin.person}, who may step into ${admin.role}; ${finance.secret}, the ` +
        'password of the finance database, whose rotation is set up.',
    ],
    async play(stage, claims) {
      const { stopwatch } = stage;
      const announced = await stopwatch.time('the release', () => releaseNightAct(stage, night));
      return stopwatch.time('the outsider', () => outsiderAct(stage, claims, announced));
    },
  };
});
