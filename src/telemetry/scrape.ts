import type { Client } from '@temporalio/client';

import type { Db } from '../store/database.ts';
import { databaseHealth } from '../store/database-health.ts';
import { readGauges } from '../store/metrics/read-gauges.ts';
import { reasonOf } from '../domain/errors.ts';
import { databaseSamples, schemaSamples } from './database-samples.ts';
import type { Changes } from './changes.ts';
import { kept, within } from './kept.ts';
import { exposition, type Sample } from './samples.ts';
import { scheduleSamples, waitingSamples } from './temporal-samples.ts';

/** Prometheus gives up after ten seconds unless told otherwise. */
const PATIENCE = 4_000;
const KEPT = 5_000;
/** Each schedule is asked for by itself, and its counts change by the hour: many take longer than a scrape may. */
const SCHEDULES_KEPT = 60_000;
const SCHEDULES_MEANWHILE = 300_000;

export interface ScrapeSources {
  /** Connections of its own: one that the worker's work cannot keep waiting. */
  readonly db: Db;
  readonly temporal: Client;
  /** Base queue: workflows and schedules of other queues are not ours. */
  readonly taskQueue: string;
  readonly version: string;
  /** Our measurements and those of Temporal's SDK, as Prometheus reads them. */
  readonly measured: readonly (() => Promise<string>)[];
  readonly changes: Changes;
}

/** What `/metrics` answers; a source that does not answer is left out, and said to be down. */
export function scrapeOf({
  db,
  temporal,
  taskQueue,
  version,
  measured,
  changes,
}: ScrapeSources): () => Promise<string> {
  const database = kept(KEPT, () => readDatabase(db));
  const waiting = kept(KEPT, () => waitingSamples(temporal, taskQueue, Date.now()));
  const schedules = kept(SCHEDULES_KEPT, () => scheduleSamples(temporal, taskQueue), {
    meanwhile: SCHEDULES_MEANWHILE,
  });

  const answered = <Answer>(what: string, work: Promise<Answer>): Promise<Answer | null> =>
    within(PATIENCE, work).then(
      (answer) => {
        changes(`metrics of ${what}`, null);
        return answer;
      },
      (error: unknown) => {
        changes(`metrics of ${what}`, reasonOf(error));
        return null;
      },
    );

  return async () => {
    const [ofDatabase, ofWaiting, ofSchedules, ...others] = await Promise.all([
      answered('the database', database()),
      answered('waiting workflows', waiting()),
      answered('schedules', schedules()),
      ...measured.map(async (read, place) => (await answered(`the process ${place + 1}`, read())) ?? ''),
    ]);
    const samples: Sample[] = [
      { metric: 'revsync_build_info', labels: { version }, value: 1 },
      { metric: 'revsync_database_up', value: ofDatabase?.fits === true ? 1 : 0 },
      { metric: 'revsync_temporal_up', value: ofWaiting === null ? 0 : 1 },
      ...(ofDatabase?.samples ?? []),
      ...(ofWaiting ?? []),
      ...(ofSchedules ?? []),
    ];
    return [await exposition(samples), ...others].map(endedByLine).join('');
  };
}

/** What the database tells; of a schema that is older than the program only that. */
async function readDatabase(db: Db): Promise<{ fits: boolean; samples: Sample[] }> {
  const health = await databaseHealth(db);
  const samples = schemaSamples(health);
  if (health.pending.length > 0) return { fits: false, samples };
  return { fits: true, samples: [...samples, ...databaseSamples(await readGauges(db, PATIENCE))] };
}

const endedByLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
