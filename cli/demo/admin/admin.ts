import { createChapter } from '../chapter.ts';
import { DEMO_SETTLE_SECONDS } from '../policy-folder.ts';
import { smallHoursAt } from '../small-hours.ts';
import { type Cast, makeCast } from './cast.ts';
import { evidenceAct } from './evidence-act.ts';
import { adminPolicy } from './policy.ts';
import { sessionAct } from './session-act.ts';

export const admin = createChapter<Cast>((now) => {
  const night = smallHoursAt(now);
  return {
    opening:
      'An administrator does something unusual at two in the morning. Rescind ends that one session at once, lets nobody into the ' +
      'role without fresh MFA, and keeps what the session did as evidence. On an AWS that runs on this machine.',
    policies: [adminPolicy(night.zone)],
    makeCast,
    names: ({ person, role, sessionName }) => [person, `${role}/${sessionName}`],
    told: ({ person, colleague, role }, subscriber) => [
      `Policy: mode enforce; office hours are 08:00-18:00, Monday to Friday, in ${night.city}, where it is ${night.time} now; settle ` +
        `${DEMO_SETTLE_SECONDS} s (AWS gets 30 s); every call of IAM is kept in the access record; alerts to ${subscriber}`,
      `Cast: ${person}, who may step into ${role}, a role with AdministratorAccess; ${colleague}, another administrator, who can sign in.`,
    ],
    async play(stage, claims) {
      const played = await stage.stopwatch.time('the night', () => sessionAct(stage, claims, night));
      await stage.stopwatch.time('the evidence', () => evidenceAct(stage, claims, played));
      return played.found.case.caseId;
    },
  };
});
