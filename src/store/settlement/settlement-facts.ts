import { sql } from 'kysely';

import type { SettlementFacts } from '../../domain/enablement/step-09-invoice-settlement.ts';
import type { Db } from '../database.ts';

/**
 * Where every entity is on its way to Invoice Settlement, in key order, with what Billing's settings said when they were
 * read, and the last adjustment that was read, by whomever.
 */
export async function settlementFacts(db: Db): Promise<SettlementFacts[]> {
  const { rows } = await sql<SettlementFacts>`
    select e.entity, f.value = 'on' as on, (
        select max(a.adjustment_date)::text from prestaging.invoice_item_adjustment as a
        where a.entity = e.entity and not a.deleted
      ) as "lastAdjustment",
      e.invoice_settlement as settled, e.settled_on as "switchDate", exists (
        select from control.run as r where r.entity = e.entity and r.state = 'completed' and r.moves_mark
      ) as "hasRuns", s.state as backfill
    from control.entity as e
    left join control.settlement_switch as s on s.entity = e.entity
    left join control.billing_setting as f
      on f.entity = e.entity and f.kind = 'feature' and f.name = 'Invoice Settlement'
    order by e.entity`.execute(db);
  return rows;
}
