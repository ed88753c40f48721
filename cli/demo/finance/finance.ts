import { createChapter } from '../chapter.ts';
import { DEMO_SETTLE_SECONDS } from '../policy-folder.ts';
import { smallHoursAt } from '../small-hours.ts';
import { type Cast, makeCast } from './cast.ts';
import { nightAct } from './night-act.ts';
import { financePolicy, HOLD } from './policy.ts';
import { returnAct } from './return-act.ts';

export const finance = createChapter<Cast>((now) => {
  const night = smallHoursAt(now);
  return {
    opening:
      'A developer reads the password of the finance database at two in the morning. Rescind takes their access to that ' +
      `secret and to databases, and to nothing else, for ${HOLD.told}; then it comes back by itself. The password that was read is ` +
      'rotated meanwhile, and until that is seen nothing is called contained. On an AWS that runs on this machine.',
    policies: [financePolicy(night.zone)],
    makeCast,
    names: ({ developer }) => [developer],
    told: ({ developer, secret }, subscriber) => [
      `Policy: mode enforce; secrets finance/* are sensitive; office hours are 08:00-18:00, Monday to Friday, in ${night.city}, where it is ` +
        `${night.time} now; the rules of rules/data-access answer with revoke-access; settle ${DEMO_SETTLE_SECONDS} s (AWS gets 30 s); alerts to ${subscriber}`,
      `Clock: ${HOLD.told} take ${HOLD.seconds} s here, ${HOLD.toldSeconds / HOLD.seconds} times as fast. No other clock is touched, and no record ` +
        'bears another time than that of its call.',
      `Cast: ${developer}, a developer who may read secrets and log in to databases, by an inline policy; ${secret}, the password of the ` +
        'finance database, whose rotation is set up (this AWS makes the new version at once and invokes no function); and a secret ' +
        'of marketing that nobody calls sensitive.',
    ],
    async play(stage, claims) {
      const played = await stage.stopwatch.time('the night', () => nightAct(stage, claims, night));
      await stage.stopwatch.time('the end of the hold', () => returnAct(stage, claims, played));
      return played.found.case.caseId;
    },
  };
});
