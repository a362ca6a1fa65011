import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';
import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import { balanceCurrency } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { targetOf } from './target.ts';

/** What is buried or revived: rows of an object, in the name of a run. */
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

/** Fingerprint of a tombstone that lives again, by its own: no file has it, so that the next arrival is a change. */
const revivedOf = (fingerprint: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`hashint8extended(${fingerprint}, 2)`;

/**
 * Told how many rows are about to turn, while the table `turned (id, own, amount, currency)` names them; what it
 * throws keeps them as they are.
 */
type Before = (count: string) => Promise<void>;

/**
 * Makes tombstones of living rows: `which` is a condition on them, under alias `p`. The living version goes to
 * history; content and UpdatedDate stay as they were last seen, since a deletion says nothing about them.
 * Answers how many were buried.
 */
export async function bury(
  db: Db,
  burial: Burial,
  which: RawBuilder<unknown>,
  before: Before = async () => undefined,
): Promise<string> {
  const tombstone = sql`deleted = true, fingerprint = ${tombstoneOf(sql`p.fingerprint`)}`;
  return turn(db, burial, sql`not p.deleted and ${which}`, tombstone, before);
}

/** The other way round: tombstones live again, with the content they have. Answers how many did. */
export async function revive(
  db: Db,
  burial: Burial,
  which: RawBuilder<unknown>,
  before: Before,
): Promise<string> {
  const living = sql`deleted = false, fingerprint = ${revivedOf(sql`p.fingerprint`)}`;
  return turn(db, burial, sql`p.deleted and ${which}`, living, before);
}

async function turn(
  db: Db,
  burial: Burial,
  which: RawBuilder<unknown>,
  become: RawBuilder<unknown>,
  before: Before,
): Promise<string> {
  await takeTurned(db, burial, which);
  const { rows } = await sql<{ count: string }>`select count(*) as count from turned`.execute(db);
  const count = rows[0]?.count ?? '0';
  if (count !== '0') {
    await before(count);
    await writeTurned(db, burial, become);
  }
  await sql`drop table turned`.execute(db);
  return count;
}

/** `own`: this run brought the row, so its balance has that version already. */
async function takeTurned(
  db: Db,
  { run, entity, object }: Burial,
  which: RawBuilder<unknown>,
): Promise<void> {
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
    create temporary table turned on commit drop as
    select p.id, p.changed_run = ${run} as own, ${amount} as amount, ${currency} as currency
    from ${table} as p ${account} where ${holds('p')} and ${which}`.execute(db);
}

async function writeTurned(
  db: Db,
  { run, entity, org, object }: Burial,
  become: RawBuilder<unknown>,
): Promise<void> {
  const { table, holds } = targetOf(object, entity);
  const updated = 'UpdatedDate' in object.fields ? sql`p.updated_date` : sql`null::timestamptz`;
  await sql`
    insert into prestaging.history (entity, org, object, id, replaced_run, updated_date, fingerprint, content)
    select p.entity, p.org, ${object.name}, p.id, ${run}, ${updated}, p.fingerprint, jsonb_strip_nulls(to_jsonb(p))
    from ${table} as p join turned as t on t.id = p.id where ${holds('p')}`.execute(db);
  await sql`
    update ${table} as p set changed_run = ${run}, org = ${org}, ${become}
    from turned as t where t.id = p.id and ${holds('p')}`.execute(db);
}
