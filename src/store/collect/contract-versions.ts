import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { enterGrowth } from './growth-entries.ts';
import { enterObligations } from './obligation-entries.ts';
import { takeSegmentChanges } from './segment-effects.ts';
import { enterSegments } from './segment-entries.ts';

/**
 * A version of every contract that this collection changed: with its cause, who decided it where a person did, and one
 * entry for each change with what was before. What the phases before it did is read from what they left:
 * `booking_before` and `promise` of the bookings, `booking_change` of growth and credits.
 */
export async function writeVersions(
  trx: Db,
  { org, collection }: { org: string; collection: string },
): Promise<void> {
  await openChanges(trx);
  await takeSegmentChanges(trx, org);
  await enterSegments(trx, org);
  await enterGrowth(trx, org);
  await enterObligations(trx, org);
  await numberVersions(trx, org, collection);
}

/** `contract_change`: an entry for each change, for `numberVersions`; `so_line_id` is empty for a contract as a whole. */
export async function openChanges(trx: Db): Promise<void> {
  await sql`
    create temporary table contract_change (
      contract text not null, so_line_id text not null, part integer not null, place integer not null,
      cause text not null, made_by text not null, entry jsonb not null
    ) on commit drop`.execute(trx);
}

/** Makes a version of every contract that `contract_change` has entries of; without a collection when people made them. */
export async function numberVersions(trx: Db, org: string, collection: string | null): Promise<void> {
  await sql`analyze contract_change`.execute(trx);
  await sql`
    create temporary table versioned_contract on commit drop as
    select r.id, not exists (
        select from revenue.contract_version as v where v.org = r.org and v.contract = r.id
      ) as is_new
    from revenue.contract as r
    where r.org = ${org} and r.id in (select contract from contract_change)`.execute(trx);
  await sql`analyze versioned_contract`.execute(trx);
  await sql`
    update revenue.contract as r set version = r.version + 1
    from versioned_contract as c where r.org = ${org} and r.id = c.id and not c.is_new`.execute(trx);
  await sql`
    insert into revenue.contract_version (org, contract, version, cause, changes, collection, made_by)
    select ${org}, r.id, r.version,
      case when not c.is_new then k.causes when k.causes = 'Renewal' then k.causes else 'New contract' end,
      e.entries, ${collection}::bigint, e.makers
    from versioned_contract as c
    join revenue.contract as r on r.org = ${org} and r.id = c.id
    join (
      select contract, string_agg(cause, ', ' order by place, cause) as causes
      from (select contract, cause, min(place) as place from contract_change group by contract, cause) as one
      group by contract
    ) as k on k.contract = c.id
    join (
      select contract, jsonb_agg(entry order by so_line_id collate "C", part) as entries,
        coalesce(string_agg(distinct made_by, ', ') filter (where made_by <> 'revsync'), 'revsync') as makers
      from contract_change group by contract
    ) as e on e.contract = c.id`.execute(trx);
}
