import { sql } from 'kysely';

import type { TestDatabase } from './database.ts';

/**
 * What the contracts of an organisation are, in any order: their bookings, obligations and billings, what credits take
 * back and what the system credits. Without versions and ids, which tell how it came about and whose it is.
 */
export async function contractState({ db }: Pick<TestDatabase, 'db'>, org: string) {
  const rowsOf = async (query: ReturnType<typeof sql<{ row: unknown }>>) =>
    (await query.execute(db)).rows.map(({ row }) => row);
  const key = sql`(select key from revenue.contract as c where c.org = t.org and c.id = t.contract)`;
  return {
    bookings: await rowsOf(sql`
      select jsonb_build_array(${key}, so_line_id, line, version, currency, amount, lifted::text, conceded::text,
        lasts_until, invoice_driven) as row
      from revenue.booking as t where org = ${org} order by so_line_id collate "C"`),
    obligations: await rowsOf(sql`
      select jsonb_build_array(${key}, charge, name, template, assigned_by, ratable_method, release_event) as row
      from revenue.obligation as t where org = ${org} order by charge collate "C"`),
    billings: await rowsOf(sql`
      select jsonb_build_array(${key}, so_line_id, line, type, amount, currency) as row
      from revenue.line as t where org = ${org} and type <> 'SO' order by line collate "C"`),
    applications: await rowsOf(sql`
      select jsonb_build_array(so_line_id, credit, invoice, amount::text, referenced) as row
      from revenue.credit_application where org = ${org} order by credit collate "C", invoice collate "C"`),
    systemCredits: await rowsOf(sql`
      select jsonb_build_array(${key}, so_line_id, type, amount::text, currency, cause) as row
      from revenue.system_credit as t where org = ${org} order by so_line_id collate "C", type`),
    waiting: await rowsOf(sql`
      select jsonb_build_array(line, limitation, kind) as row
      from staging.hold where org = ${org} order by line collate "C", limitation`),
  };
}
