import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import { refreshStatistics } from '../statistics.ts';
import { billed } from './tenant-billed.ts';
import { productCatalog } from './tenant-catalog.ts';
import { corrected } from './tenant-corrected.ts';
import { subscribed } from './tenant-subscribed.ts';

/** How many rows of a kind a tenant has; the others follow from the invoice items. */
export interface TenantSize {
  readonly items: number;
  readonly charges: number;
  readonly subscriptions: number;
  readonly accounts: number;
}

/** What 1,000,000 invoice items hang on, in proportion: 250,000 charges of 100,000 subscriptions. */
export const sizeOf = (items: number): TenantSize => ({
  items,
  charges: Math.ceil(items / 4),
  subscriptions: Math.ceil(items / 10),
  accounts: Math.ceil(items / 20),
});

/** Rows of one object. */
export interface Filling {
  readonly table: string;
  /** Beside what every row has (entity, run, id, dates); one text may hold several. */
  readonly columns: readonly string[];
  /** `select id, ... from generate_series(...)` in the order of the columns. */
  readonly rows: RawBuilder<unknown>;
}

/** In this order: some read what those before them wrote. */
const fillings = (size: TenantSize): Filling[] => [
  ...productCatalog(),
  ...subscribed(size),
  ...billed(size),
  ...corrected(size),
];

/**
 * Fills pre-staging with a whole tenant as if `run` had loaded it: by SQL, so that a large one is there in
 * seconds. The same size is always the same tenant. Of its items most become invoice lines; some are discounts applied
 * to others, some billed without a charge, some on drafts, some lack what a line needs.
 */
export async function fillPrestaging(
  db: Db,
  { run, entity, org, items }: { run: string; entity: string; org: string; items: number },
): Promise<void> {
  const size = sizeOf(items);
  for (const { table, columns, rows } of fillings(size)) {
    const names = ['id', ...columns.flatMap((some) => some.split(' '))];
    const named = sql.join(names.map((name) => sql.ref(name)));
    await sql`
      insert into ${sql.table(table)} (entity, org, changed_run, fingerprint, created_date, updated_date, ${named})
      select ${entity}, ${org}, ${run}::bigint, hashtextextended(id, 0), timestamptz '2024-01-02 08:00Z',
        timestamptz '2024-01-05 10:00Z', ${named}
      from (${rows}) as r (${named})`.execute(db);
    await refreshStatistics(db, table);
  }
}
