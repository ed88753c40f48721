import { readFileSync } from 'node:fs';

/**
 * Calls a shipped handler as Lambda does: with events that no rule is about, timed one by one, and then with one that opens a case.
 * Plain JavaScript, so that this process holds what a Lambda holds and no more.
 */
process.on('message', (order) => {
  void run(order).then(
    (answer) => process.send?.(answer),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());

let handler;

async function run({ file, events, rounds }) {
  handler ??= (await import(file)).handler;
  const list = JSON.parse(readFileSync(events, 'utf8'));
  const milliseconds = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const event of list) {
      const start = performance.now();
      await handler(event, { awsRequestId: 'bench' });
      milliseconds.push(performance.now() - start);
    }
  }
  return milliseconds;
}
