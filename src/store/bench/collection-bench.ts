import { invariant } from '../../domain/errors.ts';
import { collect } from '../collect/collect.ts';
import { openCollection } from '../collections.ts';
import { type Db, openDatabase, openPool } from '../database.ts';
import { ensureOpenPeriod } from '../periods.ts';
import { completeRun } from '../runs.ts';
import { openBenchTenant } from './bench-tenant.ts';
import { formAll } from './form-all.ts';
import { timed } from './timing.ts';

/** Seconds; counts of the first collection, which has everything to do. */
export interface CollectionBench {
  readonly items: number;
  readonly lines: number;
  readonly collected: number;
  readonly contracts: number;
  /** Lines of all types, formed one after another as a run does. */
  readonly transform: number;
  readonly collect: number;
  /** What the collection took for one second of the transform. */
  readonly ratio: number;
  /** A second collection, which finds nothing new. */
  readonly nothingNew: number;
}

export interface CollectionBenchRequest {
  /** A migrated, empty database, as somebody who may do everything there. */
  readonly url: string;
  readonly items: number;
  readonly report: (line: string) => void;
}

/** The period in which all that the tenant was billed can be collected. */
const DAY = '2024-12-15';

/** Times Data Collection of a whole tenant against the transform that formed its lines, in one database. */
export async function benchCollection({
  url,
  items,
  report,
}: CollectionBenchRequest): Promise<CollectionBench> {
  const db = openDatabase(openPool(url, { role: 'revsync_worker', connections: 2 }));
  try {
    report(`Filling pre-staging: ${items} invoice items and what they hang on ...`);
    const tenant = await openBenchTenant(db, items);
    await ensureOpenPeriod(db, tenant.org, DAY);
    const transform = await timed(report, 'transform', () => formAll(db, tenant));
    await completeRun(db, tenant.run, 'completed');
    const first = await timed(report, 'collection', () => collectOnce(db, tenant.org, 'first'));
    const again = await timed(report, 'another', () => collectOnce(db, tenant.org, 'again'));
    const { lines, collected, contracts } = first.result;
    return {
      items,
      lines: Number(lines),
      collected: Number(collected),
      contracts: Number(contracts),
      transform: transform.seconds,
      collect: first.seconds,
      ratio: first.seconds / transform.seconds,
      nothingNew: again.seconds,
    };
  } finally {
    await db.destroy();
  }
}

async function collectOnce(db: Db, org: string, runId: string): ReturnType<typeof collect> {
  const collection = await openCollection(db, org, { workflowId: 'bench', runId });
  invariant(collection !== undefined, 'a collection of the benchmark is open');
  return collect(db, org, collection);
}
