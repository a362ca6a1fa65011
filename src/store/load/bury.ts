import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';
import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import { balanceCurrency } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { targetOf } from './target.ts';

/** What tombstones are for: rows of an object, in the name of a run. */
export interface Burial {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly object: BillingObject;
}

/**
 * Fingerprint of a tombstone, by that of the living row: another one, so that the same content arriving later
 * is seen as a change, and a known one, so that the content under a tombstone can be recognised.
 */
export const tombstoneOf = (fingerprint: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`hashint8extended(${fingerprint}, 1)`;

/**
 * Makes tombstones of living rows: `which` is a condition on them, under alias `p`. The living version goes to
 * history; content and UpdatedDate stay as they were last seen, since a deletion says nothing about them.
 * `before` is told how many there are while the table `gone (id, own, amount, currency)` names them; what it
 * throws keeps them alive. Answers how many were buried.
 */
export async function bury(
  db: Db,
  burial: Burial,
  which: RawBuilder<unknown>,
  before: (count: string) => Promise<void> = async () => undefined,
): Promise<string> {
  await takeGone(db, burial, which);
  const { rows } = await sql<{ count: string }>`select count(*) as count from gone`.execute(db);
  const count = rows[0]?.count ?? '0';
  if (count !== '0') {
    await before(count);
    await writeTombstones(db, burial);
  }
  await sql`drop table gone`.execute(db);
  return count;
}

/** `own`: this run brought the row, so its balance has the living version already. */
async function takeGone(db: Db, { run, entity, object }: Burial, which: RawBuilder<unknown>): Promise<void> {
  const { table, holds } = targetOf(object, entity);
  const amountField = driverAmount(object.name);
  const amount = amountField === undefined ? sql`null::numeric` : sql.id('p', columnOf(object, amountField));
  const [currency, account] =
    amountField === undefined
      ? [sql`''`, sql``]
      : [
          balanceCurrency(object, 'p'),
          sql`left join prestaging.account as a on a.entity = p.entity and a.id = p.account_id`,
        ];
  await sql`
    create temporary table gone on commit drop as
    select p.id, p.changed_run = ${run} as own, ${amount} as amount, ${currency} as currency
    from ${table} as p ${account} where ${holds('p')} and not p.deleted and ${which}`.execute(db);
}

async function writeTombstones(db: Db, { run, entity, org, object }: Burial): Promise<void> {
  const { table, holds } = targetOf(object, entity);
  const updated = 'UpdatedDate' in object.fields ? sql`p.updated_date` : sql`null::timestamptz`;
  await sql`
    insert into prestaging.history (entity, org, object, id, replaced_run, updated_date, fingerprint, content)
    select p.entity, p.org, ${object.name}, p.id, ${run}, ${updated}, p.fingerprint, jsonb_strip_nulls(to_jsonb(p))
    from ${table} as p join gone as g on g.id = p.id where ${holds('p')}`.execute(db);
  await sql`
    update ${table} as p set deleted = true, changed_run = ${run}, org = ${org},
      fingerprint = ${tombstoneOf(sql`p.fingerprint`)}
    from gone as g where g.id = p.id and ${holds('p')}`.execute(db);
}
