import { createChapter } from '../chapter.ts';
import { DEMO_SETTLE_SECONDS } from '../policy-folder.ts';
import { DEMO_BREAKER_SUBJECTS } from '../policy-text.ts';
import { type Cast, makeCast } from './cast.ts';
import { enforceAct } from './enforce-act.ts';
import { observeAct } from './observe-act.ts';
import { ENFORCE, OBSERVE } from './policies.ts';
import { releaseAct } from './release-act.ts';

export const stolenKey = createChapter<Cast>(() => ({
  opening:
    'Rescind takes AWS access back. Here it does so on an AWS that runs on this machine, deployed by the same templates and the same ' +
    'cdk deploy as to AWS. No account and no credentials of yours are used.',
  policies: [OBSERVE, ENFORCE],
  makeCast,
  names: ({ user, administrator, role, sessionName }) => [user, administrator, `${role}/${sessionName}`],
  told: ({ user, administrator, role, trail }, subscriber) => [
    `Policy: mode observe, settle ${DEMO_SETTLE_SECONDS} s (AWS gets 30 s), at most ${DEMO_BREAKER_SUBJECTS} subjects in 15 minutes, roles BreakGlass* are never ` +
      `touched, alerts to ${subscriber}`,
    `Cast: ${administrator}, an administrator. ${user}, a normal user: two keys, a password, a group, two tags, a managed and an ` +
      `inline policy. ${role}, a role that ${user} may assume. ${trail}, a trail that logs.`,
  ],
  async play(stage, claims) {
    const { screen, stopwatch } = stage;
    await stopwatch.time('act one', () => observeAct(stage, claims));
    screen.heading('SWITCH  The same stack, deployed again with mode: enforce.');
    await stage.deploy(ENFORCE);
    const played = await stopwatch.time('act two', () => enforceAct(stage, claims));
    await stopwatch.time('release', () => releaseAct(stage, claims, played));
    return played.user.case.caseId;
  },
}));
