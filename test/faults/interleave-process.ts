import { interleave, SCENES } from './interleave.ts';
import { interleaveFrom } from './interleave-many.ts';

/** One process of the bench: so many interleavings from a seed on. Half of the time would go into traces of errors that are meant. */
Error.stackTraceLimit = 0;
const scene = SCENES.find((one) => one === process.argv[2]);
const [from, count] = process.argv.slice(3).map(Number);
if (scene === undefined || from === undefined || count === undefined)
  throw new TypeError('It is started with a scene, a seed and a count');
const cpu = process.cpuUsage();
const result = await interleaveFrom((seed) => interleave(scene, seed), {
  from,
  count,
  progress: (done) => process.send?.({ kind: 'progress', done }),
});
const { user, system } = process.cpuUsage(cpu);
process.send?.({ kind: 'done', result, cpuSeconds: (user + system) / 1_000_000 });
