import { openDatabase, openPool } from '../database.ts';
import { assess } from '../readiness/assess.ts';
import { openBenchTenant } from './bench-tenant.ts';
import { formAll } from './form-all.ts';
import { timed } from './timing.ts';

/** Seconds. */
export interface ReadinessBench {
  readonly items: number;
  /** Rules and practices that found something. */
  readonly found: number;
  /** Lines of all types, formed one after another as a run does. */
  readonly transform: number;
  /** Every rule and practice over the same pre-staging, with what templates and custom fields need. */
  readonly readiness: number;
  /** What readiness took for one second of the transform. */
  readonly ratio: number;
}

export interface ReadinessBenchRequest {
  /** A migrated, empty database, as somebody who may do everything there. */
  readonly url: string;
  readonly items: number;
  readonly report: (line: string) => void;
}

/** Times the assessment of readiness against the transform of the same data, in one database. */
export async function benchReadiness({ url, items, report }: ReadinessBenchRequest): Promise<ReadinessBench> {
  const db = openDatabase(openPool(url, { role: 'revsync_worker', connections: 2 }));
  try {
    report(`Filling pre-staging: ${items} invoice items and what they hang on ...`);
    const tenant = await openBenchTenant(db, items);
    const { entity, org } = tenant;
    const data = [
      {
        entity,
        displayName: entity,
        org,
        source: 'readiness',
        run: tenant.run,
        asOf: null,
        notRead: [],
      } as const,
    ];
    const readiness = await timed(report, 'readiness', () =>
      assess(db, { data, settings: [], access: () => null }),
    );
    const transform = await timed(report, 'transform', () => formAll(db, tenant));
    const { limitations, practices } = readiness.result;
    return {
      items,
      found: [...limitations, ...practices].filter(({ status }) => status === 'affected').length,
      transform: transform.seconds,
      readiness: readiness.seconds,
      ratio: readiness.seconds / transform.seconds,
    };
  } finally {
    await db.destroy();
  }
}
