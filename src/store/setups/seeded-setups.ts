import { sql } from 'kysely';

import { SETUP_KINDS } from '../../domain/setups/kinds.ts';
import type { SeededSetup, SetupKind } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';
import { alone } from './alone.ts';

type Seed = SeededSetup<object> & { readonly kind: SetupKind };

/**
 * Keeps the pre-configured set-ups of every kind, frozen, and makes one the default where a kind has none. Their
 * body follows the code: a changed body becomes the next version, so that what was made by the version before
 * still says so. Versions that people made under the same name are left alone.
 */
export async function ensureSeededSetups(db: Db): Promise<void> {
  const seeds = SETUP_KINDS.flatMap(({ kind, seeds: list }) => list.map((each) => ({ ...each, kind })));
  if (await allThere(db, seeds)) return;
  await db.transaction().execute(async (trx) => {
    await alone(trx);
    for (const each of seeds) await seed(trx, each);
  });
}

/** Nearly always all is there, and nothing has to wait for anybody. */
async function allThere(db: Db, seeds: readonly Seed[]): Promise<boolean> {
  if (seeds.length === 0) return true;
  const values = seeds.map(
    ({ kind, name, body, isDefault }) =>
      sql`(${kind}, ${name}, ${JSON.stringify(body)}::jsonb, ${isDefault}::boolean)`,
  );
  const { rows } = await sql<{ name: string }>`
    select t.name from (values ${sql.join(values)}) as t (kind, name, body, is_default)
    join lateral (
      select s.body from revenue.setup as s
      where s.kind = t.kind and s.name = t.name and s.seeded order by s.version desc limit 1
    ) as newest on newest.body = t.body
    where not t.is_default or exists (
      select from revenue.setup as d where d.kind = t.kind and d.org is null and d.status = 'default'
    )`.execute(db);
  return rows.length === seeds.length;
}

async function seed(trx: Db, { kind, name, body, isDefault }: Seed): Promise<void> {
  const text = JSON.stringify(body);
  await sql`
    with versions as (
      select coalesce(max(version), 0) as newest, max(version) filter (where seeded) as seeded
      from revenue.setup where kind = ${kind} and name = ${name}
    ), outdated as (
      select newest from versions where not exists (
        select from revenue.setup as s
        where s.kind = ${kind} and s.name = ${name} and s.version = versions.seeded and s.body = ${text}::jsonb
      )
    ), retired as (
      update revenue.setup set status = 'frozen', changed_at = now(), changed_by = 'revsync'
      where kind = ${kind} and name = ${name} and seeded and status = 'default' and exists (select from outdated)
    )
    insert into revenue.setup (kind, name, version, status, seeded, body, created_by, changed_by)
    select ${kind}, ${name}, newest + 1, 'frozen', true, ${text}::jsonb, 'revsync', 'revsync'
    from outdated`.execute(trx);
  if (isDefault) await makeDefaultWhereNoneIs(trx, kind, name);
}

async function makeDefaultWhereNoneIs(trx: Db, kind: SetupKind, name: string): Promise<void> {
  await sql`
    update revenue.setup as s set status = 'default', changed_at = now(), changed_by = 'revsync'
    where s.kind = ${kind} and s.name = ${name} and s.status = 'frozen'
      and s.version = (select max(version) from revenue.setup where kind = ${kind} and name = ${name} and seeded)
      and not exists (
        select from revenue.setup as d where d.kind = ${kind} and d.org is null and d.status = 'default'
      )`.execute(trx);
}
