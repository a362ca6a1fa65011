import { sql } from 'kysely';

import { numberVersions, openChanges } from '../collect/contract-versions.ts';
import type { Db } from '../database.ts';
import { type Choice, chosenContracts } from './chosen-contracts.ts';
import { whileNobodyCollects } from './while-nobody-collects.ts';

export const CONTRACT_HOLDS = ['revenue', 'transfer'] as const;
export type ContractHold = (typeof CONTRACT_HOLDS)[number];

/** Who takes an action, and why; kept for the audit. */
export interface Reasoned {
  readonly reason: string;
  readonly by: string;
}

/** What became of the contracts that an action was taken on. */
export interface ContractAction {
  readonly org: string;
  readonly action: string;
  readonly contracts: readonly {
    readonly id: string;
    readonly version: number;
    /** False where it was so already; nothing is recorded then. */
    readonly changed: boolean;
  }[];
}

interface Act {
  /** The subcommand, and the kind of the decision: `close`. */
  readonly action: string;
  /** Cause of the contract versions: `Closed`. */
  readonly cause: string;
}

/**
 * Applies a revenue or transfer hold to contracts.
 *
 * @throws RevsyncError `MASS_ACTION_REFUSED`, `CONTRACT_UNKNOWN`, `COLLECTION_IN_PROGRESS`
 */
export function holdContracts(
  db: Db,
  { hold, reason, by, ...choice }: Choice & Reasoned & { readonly hold: ContractHold },
): Promise<ContractAction> {
  const act = { action: 'hold', cause: `${initial(hold)} hold applied` };
  return take(db, choice, { reason, by }, act, async (trx, ids) => {
    await sql`
      insert into changed (contract, before, after)
      select id, null, jsonb_build_object('hold', ${hold}::text) from unnest(${ids}::text[]) as id
      where not exists (
        select from revenue.contract_hold as h
        where h.org = ${choice.org} and h.contract = id and h.hold = ${hold}
      )`.execute(trx);
    await sql`
      insert into revenue.contract_hold (org, contract, hold, reason, applied_by)
      select ${choice.org}, contract, ${hold}, ${reason}, ${by} from changed`.execute(trx);
  });
}

/** Releases a hold of contracts, or all they have. */
export function releaseContracts(
  db: Db,
  { hold, reason, by, ...choice }: Choice & Reasoned & { readonly hold?: ContractHold | undefined },
): Promise<ContractAction> {
  const act = {
    action: 'release',
    cause: hold === undefined ? 'Holds released' : `${initial(hold)} hold released`,
  };
  return take(db, choice, { reason, by }, act, async (trx, ids) => {
    await sql`
      with released as (
        delete from revenue.contract_hold
        where org = ${choice.org} and contract = any(${ids}::text[]) and hold = coalesce(${hold ?? null}, hold)
        returning contract, hold, reason, applied_by
      )
      insert into changed (contract, before, after)
      select contract, jsonb_agg(jsonb_build_object('hold', hold, 'reason', reason, 'by', applied_by) order by hold), null
      from released group by contract`.execute(trx);
  });
}

/** Closes contracts: what comes for them is stopped until they are opened. */
export const closeContracts = (db: Db, asked: Choice & Reasoned): Promise<ContractAction> =>
  turn(db, asked, 'closed', { action: 'close', cause: 'Closed' });

/** Opens closed contracts: what was stopped for them goes on with the next collection. */
export const openContracts = (db: Db, asked: Choice & Reasoned): Promise<ContractAction> =>
  turn(db, asked, 'open', { action: 'open', cause: 'Opened' });

function turn(
  db: Db,
  { reason, by, ...choice }: Choice & Reasoned,
  status: 'open' | 'closed',
  act: Act,
): Promise<ContractAction> {
  return take(db, choice, { reason, by }, act, async (trx, ids) => {
    await sql`
      with turned as (
        update revenue.contract set status = ${status}
        where org = ${choice.org} and id = any(${ids}::text[]) and status <> ${status} returning id
      )
      insert into changed (contract, before, after)
      select id, jsonb_build_object('status', ${status === 'open' ? 'closed' : 'open'}::text),
        jsonb_build_object('status', ${status}::text) from turned`.execute(trx);
  });
}

const initial = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** Does `work`, which leaves in `changed` what it did to which contracts; makes versions and decisions of these. */
async function take(
  db: Db,
  choice: Choice,
  { reason, by }: Reasoned,
  { action, cause }: Act,
  work: (trx: Db, ids: readonly string[]) => Promise<void>,
): Promise<ContractAction> {
  const { org } = choice;
  return whileNobodyCollects(db, { org, what: `contract ${action}` }, async (trx) => {
    const ids = await chosenContracts(trx, choice, action);
    await sql`
      create temporary table changed (contract text not null, before jsonb, after jsonb) on commit drop`.execute(
      trx,
    );
    await work(trx, ids);
    await openChanges(trx);
    await sql`
      insert into contract_change (contract, so_line_id, part, place, cause, made_by, entry)
      select contract, '', 0, 0, ${cause}, ${by}, jsonb_build_object('action', ${action}::text, 'soLineId', null,
        'line', null, 'was', null, 'amount', null, 'wasAmount', null, 'currency', null, 'orderAction', null,
        'category', null, 'skipCtMod', null, 'fields', '{}'::jsonb) from changed`.execute(trx);
    await decide(trx, { org, kind: `contract-${action}`, reason, by });
    return versionsAfter(trx, { org, action, ids });
  });
}

/** A decision for each contract in `changed`. */
export async function decide(
  trx: Db,
  { org, kind, reason, by }: Reasoned & { readonly org: string; readonly kind: string },
): Promise<void> {
  await sql`
    insert into control.decision (org, kind, subject, before, after, reason, decided_by)
    select ${org}, ${kind}, contract, before, after, ${reason}, ${by} from changed order by contract`.execute(
    trx,
  );
}

/** Numbers the versions of what is in `contract_change`, and says where the contracts stand. */
export async function versionsAfter(
  trx: Db,
  { org, action, ids }: { readonly org: string; readonly action: string; readonly ids: readonly string[] },
): Promise<ContractAction> {
  await numberVersions(trx, org, null);
  const { rows } = await sql<ContractAction['contracts'][number]>`
    select r.id, r.version, r.id in (select contract from contract_change) as changed
    from revenue.contract as r
    where r.org = ${org} and (r.id = any(${ids}::text[]) or r.id in (select contract from contract_change))
    order by r.id collate "C"`.execute(trx);
  return { org, action, contracts: rows };
}
