import { Counter, Gauge, Registry } from 'prom-client';

import { READ_METRICS, type ReadMetric } from './metrics.ts';

/** A value of a metric, with its labels. */
export interface Sample {
  readonly metric: ReadMetric;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples as Prometheus reads them. What is not among them is not there: nothing is left from an earlier scrape. */
export async function exposition(samples: readonly Sample[]): Promise<string> {
  const registry = new Registry();
  for (const { name, help, type, labels } of READ_METRICS) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const mine = samples.filter(({ metric }) => metric === name);
    if (mine.length === 0) continue;
    if (type === 'counter') {
      const counter = new Counter(options);
      for (const { labels: of = {}, value } of mine) counter.inc({ ...of }, value);
    } else {
      const gauge = new Gauge(options);
      for (const { labels: of = {}, value } of mine) gauge.set({ ...of }, value);
    }
  }
  return registry.metrics();
}
