import { Histogram, Registry } from 'prom-client';

import type { Observer } from '../../activities/reporting.ts';
import { ACTIVITY_SECONDS } from './metrics.ts';

/** From a look at a table to a transform of a million lines. */
const BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600];

export interface ActivitySeconds {
  readonly observe: Observer['observe'];
  readonly read: () => Promise<string>;
}

/** How long attempts of activities took in this process. */
export function activitySeconds(): ActivitySeconds {
  const registry = new Registry();
  const { name, help, labels } = ACTIVITY_SECONDS;
  const histogram = new Histogram({
    name,
    help,
    labelNames: [...labels],
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    observe: ({ activity, outcome, seconds }) => histogram.observe({ activity, outcome }, seconds),
    read: () => registry.metrics(),
  };
}
