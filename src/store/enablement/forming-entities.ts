import { sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { wasRead } from '../readiness/readiness-run.ts';
import { listBillingSettings } from '../settings/billing-settings.ts';

/** An entity whose lines are formed, or would be. */
export interface FormingEntity {
  readonly entity: string;
  readonly org: string;
  /** Whether it has Invoice Settlement, by what runs saw, else by what the settings tell; null: nobody knows. */
  readonly settlement: boolean | null;
  /** Whether accounts of it were read. */
  readonly accounts: boolean;
  /** Whether its data was read wholly: only then no accounts means that it has none. */
  readonly read: boolean;
}

/** Every entity, in key order. */
export async function formingEntities(db: Db): Promise<FormingEntity[]> {
  const { rows } = await sql<FormingEntity>`
    select e.entity, e.org, e.invoice_settlement as settlement, exists (
      select from ${prestagingTable(objectOf('Account'))} as a where a.entity = e.entity and not a.deleted
    ) as accounts, ${wasRead('e')} as read
    from control.entity as e order by e.entity`.execute(db);
  const { features } = await listBillingSettings(db);
  const told = new Map(
    features.flatMap(({ entity, feature, on }) => (feature === 'Invoice Settlement' ? [[entity, on]] : [])),
  );
  return rows.map((row) => ({ ...row, settlement: row.settlement ?? told.get(row.entity) ?? null }));
}
