import { expect, test } from 'vitest';
import { createStopwatch, lapLines } from '../../../cli/demo/stopwatch.ts';

test('each part keeps when it began and how long it took, also one that fails', async () => {
  let now = 5_000;
  const stopwatch = createStopwatch(() => now);
  now = 6_000;
  await stopwatch.time('deploy', async () => {
    now = 8_500;
  });
  const failing = stopwatch.time('act', async () => {
    now = 9_000;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(stopwatch.laps()).toEqual([
    { name: 'deploy', from: 1, seconds: 2.5 },
    { name: 'act', from: 3.5, seconds: 0.5 },
  ]);
  expect(stopwatch.seconds()).toBe(4);
});

test('parts come in the order in which they began, not in which they ended', async () => {
  let now = 0;
  const stopwatch = createStopwatch(() => now);
  let finish = () => {};
  const long = stopwatch.time('long', () => new Promise<void>((resolve) => (finish = resolve)));
  now = 1_000;
  await stopwatch.time('short', async () => {});
  finish();
  await long;
  expect(stopwatch.laps().map(({ name }) => name)).toEqual(['long', 'short']);
});

test('a line shows the seconds, and a bar when it was; the shortest part still has a bar', () => {
  const laps = [
    { name: 'start', from: 0, seconds: 5 },
    { name: 'deploy', from: 5, seconds: 10 },
    { name: 'blink', from: 15, seconds: 0.01 },
  ];
  expect(lapLines(laps, 15)).toEqual([
    `start     5.0 s  ${'='.repeat(10)}`,
    `deploy   10.0 s  ${' '.repeat(10)}${'='.repeat(20)}`,
    `blink     0.0 s  ${' '.repeat(29)}=`,
    'total    15.0 s',
  ]);
});
