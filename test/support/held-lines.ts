import { sql } from 'kysely';

import type { Hold } from '../../src/store/list-holds.ts';
import type { TestDatabase } from './database.ts';
import { changedRow } from './sample-tenant.ts';
import type { Rows } from './sync-rows.ts';

/** The sample's charge again in the same subscription version, with another quantity and price. */
export const recollected = (quantity = '3', amount = '1800.00', at = '2024-02-01T00:00:00Z'): Rows => ({
  ...changedRow('RatePlanCharge', 'rpc1', { Quantity: quantity, UpdatedDate: at }),
  ...changedRow('ChargeContractualValueAllCharges', 'ccv1', { Amount: amount, UpdatedDate: at }),
});

export const STOPPED = 'SO:orig.1@1#2';

/** What became of an organisation's lines. */
export function linesOf({ db }: Pick<TestDatabase, 'db'>, org: string) {
  const rows = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(db)).rows;
  return {
    /** `id status`, in id order. */
    statuses: async () =>
      (
        await rows(sql<{ id: string; status: string }>`
          select l.id, case when r.line is null then s.status else 'collected' end as status
          from staging.line as l
          left join staging.line_state as s on s.entity = l.entity and s.id = l.id
          left join revenue.line as r on r.entity = l.entity and r.line = l.id
          where l.org = ${org} order by l.id collate "C"`)
      ).map(({ id, status }) => `${id} ${status}`),
    /** `line limitation`, in line order. */
    holds: async () =>
      (
        await rows(sql<Pick<Hold, 'line' | 'limitation'>>`
          select line, limitation from staging.hold where org = ${org} order by line collate "C", limitation`)
      ).map(({ line, limitation }) => `${line} ${limitation}`),
    /** `line limitation: message`, in line order. */
    texts: async () =>
      (
        await rows(sql<Pick<Hold, 'line' | 'limitation' | 'message'>>`
          select line, limitation, message from staging.hold where org = ${org}
          order by line collate "C", limitation`)
      ).map(({ line, limitation, message }) => `${line} ${limitation}: ${message}`),
    decisions: () =>
      rows(sql<Record<string, unknown>>`
        select kind, subject, before, after, reason, decided_by as by from control.decision
        where org = ${org} and kind in ('release-line', 'reject-line') order by decision`),
    bookings: () =>
      rows(sql<Record<string, unknown>>`
        select so_line_id, line, trim_scale(amount)::text as amount from revenue.booking
        where org = ${org} order by so_line_id collate "C"`),
  };
}
