import { type Claims, createClaims } from './claims.ts';
import { showClaims } from './show.ts';
import { type Setting, type StageOf, setTheStage, type Tools } from './stage.ts';
import { lapLines } from './stopwatch.ts';

/** A play of the demo as its author writes it. */
export type Script<Cast> = Setting<Cast> & {
  /** Before the stage is set: what will be seen. */
  readonly opening: string;
  /** Adds to the claims; returns the case that is worth a look afterwards. */
  readonly play: (stage: StageOf<Cast>, claims: Claims) => Promise<string>;
};

/** A play of the demo as it is run. */
export type Chapter = {
  /** The whole of it. Whether every claim holds. `keep` leaves the embedded AWS running. */
  readonly run: (tools: Tools, keep: boolean) => Promise<boolean>;
};

/** The script is written when it is played, for some need to know what time it is. */
export function createChapter<Cast>(write: (now: Date) => Script<Cast>): Chapter {
  return { run: (tools, keep) => runScript(write(new Date()), tools, keep) };
}

async function runScript<Cast>(script: Script<Cast>, tools: Tools, keep: boolean): Promise<boolean> {
  const { screen, stopwatch } = tools;
  const claims = createClaims();
  screen.paragraph(script.opening);
  screen.heading('STAGE');
  const stage = await setTheStage(tools, script, keep);
  const caseId = await script.play(stage, claims);

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
    screen.line(`  $ npx rescind case show ${caseId} --local`);
    screen.line('  $ npx rescind cases --all --local');
    screen.line('  $ npx rescind local down');
  } else if (stage.aws.logFile === undefined) {
    screen.line(`  The stack, its cases and the cast stay at ${stage.aws.endpoint}, which was there before.`);
  }
  return claims.hold();
}
