import { createClaims } from './claims.ts';
import { enforceAct } from './enforce-act.ts';
import { observeAct } from './observe-act.ts';
import { releaseAct } from './release-act.ts';
import { showClaims } from './show.ts';
import { setTheStage, type Tools } from './stage.ts';
import { lapLines } from './stopwatch.ts';

/** The whole play. Whether every claim holds. */
export async function runDemo(tools: Tools, keep: boolean): Promise<boolean> {
  const { screen, stopwatch } = tools;
  const claims = createClaims();
  screen.paragraph(
    'Rescind takes AWS access back. Here it does so on an AWS that runs on this machine, deployed by the same templates and the same ' +
      'cdk deploy as to AWS. No account and no credentials of yours are used.',
  );
  screen.heading('STAGE');
  const stage = await setTheStage(tools, keep);
  await stopwatch.time('act one', () => observeAct(stage, claims));
  screen.heading('SWITCH  The same stack, deployed again with mode: enforce.');
  await stage.switchToEnforce();
  const played = await stopwatch.time('act two', () => enforceAct(stage, claims));
  await stopwatch.time('release', () => releaseAct(stage, claims, played));

  screen.heading('WHERE THE TIME WENT');
  for (const line of lapLines(stopwatch.laps(), stopwatch.seconds())) screen.line(`  ${line}`);
  screen.heading('WHAT WAS CLAIMED, AND HOW IT WAS PROVED');
  showClaims(screen, claims.all());
  screen.line();
  const failed = claims.all().filter(({ holds }) => !holds).length;
  screen.line(
    failed === 0 ? `  All ${claims.all().length} claims hold.` : `  ${failed} of ${claims.all().length} claims FAILED.`,
  );
  if (keep) {
    screen.heading('IT STILL RUNS');
    screen.line(`  $ npx rescind case show ${played.user.case.caseId} --local`);
    screen.line('  $ npx rescind cases --all --local');
    screen.line('  $ npx rescind local down');
  } else if (stage.aws.logFile === undefined) {
    screen.line(`  The stack, its cases and the cast stay at ${stage.aws.endpoint}, which was there before.`);
  }
  return claims.hold();
}
