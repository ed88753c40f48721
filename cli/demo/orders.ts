import type { Case } from '../../shared/cases/case.ts';
import type { Order } from '../../shared/cases/operate.ts';
import { followRelease } from '../cases/follow-release.ts';
import { CommandProblem } from '../stack/problem.ts';
import { sendOrder } from '../stack/send-order.ts';
import { colour } from '../terminal/colour.ts';
import type { Stage } from './stage.ts';

/** What `npx rescind <command>` does: an order to the IAM-signed operate URL, and what it answers. */
export async function give({ connection, screen }: Stage, command: string, order: Order): Promise<string> {
  screen.line(`  ${colour.bold(`$ npx rescind ${command}`)}`);
  const answer = await screen.during(command, sendOrder(connection, order));
  if (answer.kind === 'refused') throw new CommandProblem(`Rescind refused "${command}": ${answer.why}`);
  return answer.text;
}

export async function close(stage: Stage, caseId: string): Promise<void> {
  const verdict = 'true-positive' as const;
  const text = await give(stage, `close ${caseId} --verdict ${verdict}`, { kind: 'close', caseId, verdict });
  stage.screen.line(`    ${text}`);
}

/** Returns when it is given back and Rescind has looked whether it is. */
export async function release(stage: Stage, caseId: string, all: boolean): Promise<Case> {
  const { screen, connection } = stage;
  await give(stage, `release ${caseId}${all ? ' --all' : ''}`, { kind: 'release', caseId, all });
  const { text, report } = await screen.during('releasing', followRelease(connection.store, caseId));
  for (const line of text.split('\n')) {
    const indent = ' '.repeat(4 + (/^ */.exec(line)?.[0].length ?? 0));
    screen.paragraph(line.trim(), indent, `${indent}  `);
  }
  return report;
}
