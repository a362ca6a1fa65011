import { sql } from 'kysely';

import type { ContractChange } from '../../domain/contract-changes/contract-change.ts';
import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import { amountText } from '../../domain/money/amount-text.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

export interface ContractVersion {
  readonly version: number;
  readonly cause: string;
  readonly at: string;
  /** Who decided it; `revsync` where nobody had to. */
  readonly by: string;
  readonly changes: readonly ContractChange[];
}

/** The versions of a contract, oldest first. */
export async function versionsOf(
  db: Db,
  { org, id }: { readonly org: string; readonly id: string },
): Promise<ContractVersion[]> {
  const { rows } = await sql<ContractVersion>`
    select v.version, v.cause, ${instantText(sql`v.made_at`)} as at, v.made_by as by, v.changes
    from revenue.contract_version as v where v.org = ${org} and v.contract = ${id}
    order by v.version`.execute(db);
  return rows.map((row) => ({ ...row, changes: row.changes.map(changeOf) }));
}

/** In the order of `ContractChange`, whatever order they are stored in. */
function changeOf(stored: ContractChange): ContractChange {
  const { action, soLineId, line, was, amount, wasAmount, currency, orderAction, category, skipCtMod } =
    stored;
  const text = (exact: string | null): string | null => (exact === null ? null : amountText(exact, currency));
  return {
    action,
    soLineId,
    line,
    was,
    amount: text(amount),
    wasAmount: text(wasAmount),
    currency,
    orderAction,
    category,
    skipCtMod,
    fields: inFieldOrder(stored.fields),
  };
}

const PLACES = new Map(STAGING_FIELDS.map(({ label }, place) => [label, place]));

function inFieldOrder(fields: ContractChange['fields']): ContractChange['fields'] {
  const placeOf = (label: string): number => PLACES.get(label) ?? PLACES.size;
  const entries = Object.entries(fields).toSorted(([a], [b]) => placeOf(a) - placeOf(b));
  return Object.fromEntries(entries.map(([label, { was, is }]) => [label, { was, is }]));
}
