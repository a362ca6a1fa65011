import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import { keptText, type Mapped } from '../../domain/tenancy/mapping.ts';
import type { Db } from '../database.ts';
import { forgetReadiness } from '../readiness/readiness-run.ts';
import { alone } from '../settings/setting-changes.ts';
import { entityRecords, keptOfEntities } from './entity-records.ts';
import { moveLookups } from './move-lookups.ts';

/** Who maps entities, and why; kept for the audit. */
interface Reasoned {
  readonly by: string;
  readonly reason: string;
}

/** What became of an entity that a mapping names. */
export interface MappedEntity {
  readonly entity: string;
  readonly org: string;
  readonly was: string;
  readonly changed: boolean;
}

/**
 * Puts entities into organisations, all of them or none, and keeps each change as a decision. Organisations that
 * nothing belongs to any more go. Nobody opens a run of these entities or writes settings meanwhile.
 *
 * @throws RevsyncError `ENTITY_KEEPS_ORGANIZATION` when one has got something under its organisation since it was checked,
 *   `ENTITY_UNKNOWN`
 */
export async function mapEntities(
  db: Db,
  mapping: readonly Mapped[],
  { by, reason }: Reasoned,
): Promise<MappedEntity[]> {
  return alone(db, async (trx) => {
    const before = await lockEntities(trx);
    const result = mapping.map(({ entity, org }): MappedEntity => {
      const was = before.get(entity);
      if (was === undefined) throw unknownEntity(entity);
      return { entity, org, was, changed: was !== org };
    });
    const changed = result.filter((each) => each.changed);
    await requireMovable(trx, changed);
    for (const { entity } of changed) await forgetReadiness(trx, entity);
    await nameOrganizations(trx, mapping);
    await moveEntities(trx, changed);
    await moveLookups(trx, changed, { by, reason });
    await decide(trx, changed, { by, reason });
    await dropUnused(trx, new Set(changed.map(({ was }) => was)));
    return result;
  });
}

/** Locked, so that no run of them is opened before this ends; answers the organisation of each. */
async function lockEntities(trx: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await trx
    .selectFrom('control.entity')
    .select(['entity', 'org'])
    // As JavaScript sorts, since whoever records entities locks them in that order.
    .orderBy(sql`entity collate "C"`)
    .forUpdate()
    .execute();
  return new Map(rows.map(({ entity, org }) => [entity, org]));
}

async function requireMovable(trx: Db, changed: readonly MappedEntity[]): Promise<void> {
  if (changed.length === 0) return;
  const kept = await keptOfEntities(trx);
  const standing = changed.find(({ entity }) => kept.has(entity));
  if (standing === undefined) return;
  const { entity, was } = standing;
  throw new RevsyncError(
    `Entity ${entity} belongs to ${was} for good: under it, it has ${keptText(kept.get(entity) ?? [])}.`,
    {
      code: 'ENTITY_KEEPS_ORGANIZATION',
      fate: 'fix-input',
      remedy: `Leave it in ${was}. Another mapping takes another database, synced from the beginning.`,
      context: { entity, org: was },
    },
  );
}

/** Makes the organisations that are new, called like their first entity unless somebody said; renames where somebody did. */
async function nameOrganizations(trx: Db, mapping: readonly Mapped[]): Promise<void> {
  if (mapping.length === 0) return;
  const called = new Map((await entityRecords(trx)).map(({ entity, displayName }) => [entity, displayName]));
  for (const said of [true, false]) {
    const rows = new Map(
      mapping
        .toReversed()
        .filter(({ name }) => (name !== null) === said)
        .map(({ entity, org, name }) => [org, { org, name: name ?? called.get(entity) ?? org }]),
    );
    if (rows.size === 0) continue;
    await trx
      .insertInto('control.organization')
      .values([...rows.values()])
      .onConflict((conflict) =>
        said
          ? conflict.column('org').doUpdateSet({ name: sql`excluded.name` })
          : conflict.column('org').doNothing(),
      )
      .execute();
  }
}

/** What Billing's settings say of them moves along, by its foreign key. */
async function moveEntities(trx: Db, changed: readonly MappedEntity[]): Promise<void> {
  if (changed.length === 0) return;
  const moves = sql`unnest(${changed.map(({ entity }) => entity)}::text[], ${changed.map(({ org }) => org)}::text[])
    as m (entity, org)`;
  await sql`update control.entity as e set org = m.org from ${moves} where e.entity = m.entity`.execute(trx);
}

/**
 * Two decisions: that it left, for the people of the organisation it was in, and that it came, for those of the other. Neither
 * tells its readers of an organisation that they may not see; who sees both has the whole.
 */
async function decide(trx: Db, changed: readonly MappedEntity[], { by, reason }: Reasoned): Promise<void> {
  if (changed.length === 0) return;
  await trx
    .insertInto('control.decision')
    .values(
      changed.flatMap(({ entity, org, was }) => {
        const common = { kind: 'map-entity', subject: entity, reason, decided_by: by };
        return [
          { ...common, org: was, before: JSON.stringify({ org: was }), after: null },
          { ...common, org, before: null, after: JSON.stringify({ org }) },
        ];
      }),
    )
    .execute();
}

/** Organisations that were their entities' own, and have nothing left but the audit. */
async function dropUnused(trx: Db, orgs: ReadonlySet<string>): Promise<void> {
  if (orgs.size === 0) return;
  const { rows } = await sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
    where a.attname = 'org' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname in ('control', 'prestaging', 'staging', 'revenue')`.execute(trx);
  const audits = ['control.organization', 'control.decision', 'control.setting_change'];
  const used = rows
    .filter(({ name }) => !audits.includes(name))
    .map(({ name }) => sql`not exists (select from ${sql.table(name)} as t where t.org = o.org)`);
  await sql`
    delete from control.organization as o
    where o.org = any(${[...orgs]}::text[]) and ${sql.join(used, sql` and `)}`.execute(trx);
}

function unknownEntity(entity: string): RevsyncError {
  return new RevsyncError(`There is no entity "${entity}".`, {
    code: 'ENTITY_UNKNOWN',
    fate: 'fix-input',
    remedy: 'Name one of `revsync entity list`.',
  });
}
