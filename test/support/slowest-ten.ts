import type { Reporter, TestCase } from 'vitest/node';

const SHOWN = 10;

/** Prints the slowest tests at the end of a run, so that a test that became slow is seen the day it did. */
export default class SlowestTen implements Reporter {
  private readonly tests: { readonly name: string; readonly seconds: number }[] = [];

  onTestCaseResult(test: TestCase): void {
    const milliseconds = test.diagnostic()?.duration;
    if (milliseconds === undefined) return;
    this.tests.push({ name: `${test.module.relativeModuleId}: ${test.fullName}`, seconds: milliseconds / 1000 });
  }

  onTestRunEnd(): void {
    const slowest = [...this.tests].sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    if (slowest.length < 2) return;
    process.stdout.write(`\n ${slowest.length} slowest tests\n`);
    for (const { name, seconds } of slowest) process.stdout.write(`${seconds.toFixed(1).padStart(7)} s  ${name}\n`);
  }
}
