import { measureBacktest } from './backtest.ts';
import { measureBundles } from './bundles.ts';
import { measureCalls } from './calls.ts';
import type { Bench } from './figure.ts';
import { measureLatency } from './latency.ts';

/** Every bench by the name that `npm run bench -- NAME` takes. */
export const BENCHES: Readonly<Record<string, Bench>> = {
  backtest: measureBacktest,
  bundles: measureBundles,
  calls: measureCalls,
  latency: measureLatency,
};
