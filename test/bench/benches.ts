import { measureAccess } from './access.ts';
import { measureBacktest } from './backtest.ts';
import { measureBundles } from './bundles.ts';
import { measureCalls } from './calls.ts';
import { measureEngines } from './engines.ts';
import type { Bench } from './figure.ts';
import { measureHandler } from './handler.ts';
import { measureLatency } from './latency.ts';
import { measureMemory } from './memory.ts';
import { measureScaling } from './scaling.ts';

/** Every bench by the name that `npm run bench -- NAME` takes. */
export const BENCHES: Readonly<Record<string, Bench>> = {
  backtest: measureBacktest,
  memory: measureMemory,
  engines: measureEngines,
  scaling: measureScaling,
  handler: measureHandler,
  bundles: measureBundles,
  calls: measureCalls,
  latency: measureLatency,
  access: measureAccess,
};
