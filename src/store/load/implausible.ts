import { type RawBuilder, sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import type { Burial } from './bury.ts';
import type { Identity } from './identity.ts';
import { targetOf } from './target.ts';

/** Of the living rows of an object more than one in five, when they are at least so many, are not lost at once. */
const ONE_IN = 5;
const MANY = 20;

/** Nor are all of them, where there are at least so many. */
const ALL = 5;

/** Of the rows told to be deleted more than one in ten, when they are more than so many, are not living in the export. */
const LIVING_ONE_IN = 10;
const LIVING_FEW = 3;

const isTooMuch = (gone: number, living: number): boolean =>
  (gone >= ALL && gone === living) || (gone >= MANY && gone * ONE_IN > living);

/**
 * `gone` is the condition on rows, under alias `p`, whose key is missing; those that this run brought count, too,
 * since access that is lost shows in them as well.
 *
 * @throws RevsyncError `KEYS_VANISHED` when access is the likelier reason
 */
export async function requirePlausibleKeys(db: Db, burial: Burial, gone: RawBuilder<unknown>): Promise<void> {
  const [missing, living] = [await countLiving(db, burial, gone), await countLiving(db, burial)];
  if (!isTooMuch(missing, living)) return;
  throw new RevsyncError(`${missing} of ${living} rows of ${burial.object.name} are no longer in Billing.`, {
    code: 'KEYS_VANISHED',
    fate: 'fix-input',
    remedy:
      'Check permissions and entity/organisation access of the integration user, then `retry`; `skip` goes on without comparing.',
    context: { object: burial.object.name },
  });
}

/**
 * Reads the tables `landing`, with what was told, and `turned`, with what would be buried.
 *
 * @throws RevsyncError `DELETES_IMPLAUSIBLE` when it is likelier that Billing listed living rows
 */
export async function requirePlausibleDeletes(
  db: Db,
  burial: Burial,
  { value }: Pick<Identity, 'value'>,
): Promise<void> {
  const { name } = burial.object;
  const { rows } = await sql<{ gone: string; own: string; told: string }>`
    select count(*) as gone, count(*) filter (where own) as own,
      (select count(distinct ${value}) from landing as l) as told from turned`.execute(db);
  const [gone, own, told] = [Number(rows[0]?.gone), Number(rows[0]?.own), Number(rows[0]?.told)];
  const living = await countLiving(db, burial);
  if (isTooMuch(gone, living))
    throw implausible(name, `Billing lists ${gone} of ${living} living rows of ${name} as deleted.`);
  if (own > LIVING_FEW && own * LIVING_ONE_IN > told)
    throw implausible(
      name,
      `${own} of ${told} rows of ${name} that Billing lists as deleted are living in its export.`,
    );
}

const implausible = (object: string, message: string): RevsyncError =>
  new RevsyncError(message, {
    code: 'DELETES_IMPLAUSIBLE',
    fate: 'fix-input',
    remedy:
      'Check in Billing that they are deleted and what the integration user may access, then `retry`; `skip` goes on without.',
    context: { object },
  });

async function countLiving(
  db: Db,
  { entity, object }: Burial,
  which: RawBuilder<unknown> = sql`true`,
): Promise<number> {
  const { table, holds } = targetOf(object, entity);
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from ${table} as p where ${holds('p')} and not p.deleted and ${which}`.execute(
    db,
  );
  return Number(rows[0]?.count);
}
