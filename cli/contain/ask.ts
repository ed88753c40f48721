import { createInterface } from 'node:readline/promises';

/** Whether somebody is there to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** One question on the terminal; only a plain yes is a yes. */
export async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<boolean>((resolve, reject) => {
      // Ctrl-C and the end of the input are no yes.
      terminal.once('close', () => resolve(false));
      terminal.question(`${question} [y/N] `).then((answer) => resolve(isYes(answer)), reject);
    });
  } finally {
    terminal.close();
  }
}

export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
