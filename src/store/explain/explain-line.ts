import { sql } from 'kysely';

import type { LineFacts, MetRule, OtherLine } from '../../domain/explanation/line-facts.ts';
import { standingOf } from '../../domain/explanation/standing.ts';
import { type WayOn, waysOn } from '../../domain/explanation/ways-on.ts';
import { amountText } from '../../domain/money/amount-text.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';
import { decisionsOn, type LineDecision } from '../lines/decisions.ts';
import type { LineKey } from '../lines/line-key.ts';
import { STATUS, STATUS_JOINS } from '../lines/read-lines.ts';
import { oneLine } from '../lines/one-line.ts';
import { billingsFlow } from '../limitations/charge-stops.ts';
import { holdsOf } from '../list-holds.ts';
import { openPeriodOf } from '../periods.ts';
import { rulesOfOrg } from '../validation/rules-of-org.ts';
import { metRules } from './met-rules.ts';

/** A line in plain words, as `line explain --json` prints it; amounts are exact text. */
export interface ExplainedLine {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly org: string;
  readonly entity: string;
  readonly subscription: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  /** The billing row that it came from. */
  readonly source: { readonly object: string; readonly id: string };
  readonly contract: string | null;
  readonly standing: string;
  readonly rules: readonly MetRule[];
  /** The lines that it waits for, with what holds those. */
  readonly waitsFor: readonly OtherLine[];
  readonly releases: readonly WayOn[];
  readonly decisions: readonly LineDecision[];
}

interface Row {
  readonly type: string;
  readonly status: string;
  readonly org: string;
  readonly billingsWait: boolean;
  readonly subscription: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly object: string;
  readonly source: string;
  readonly soLineId: string | null;
  readonly dated: string | null;
  readonly contract: string | null;
  readonly collection: string | null;
  readonly at: string | null;
  readonly standing: string | null;
}

/**
 * Says where a line stands, which rules it met, what it waits for, and what releases it.
 *
 * @throws RevsyncError `LINE_UNKNOWN`; `LINE_AMBIGUOUS` when several entities have a line of that id
 */
export async function explainLine(
  db: Db,
  asked: { id: string; entity?: string | undefined; org?: string | undefined },
): Promise<ExplainedLine> {
  const key = await oneLine(db, asked);
  const row = await readRow(db, key);
  const decisions = await decisionsOn(db, key);
  const facts: LineFacts = {
    id: key.id,
    type: row.type,
    status: row.status,
    org: row.org,
    billingsWait: row.billingsWait,
    dated: row.dated,
    holds: await heldFor(db, key, row),
    period: (await openPeriodOf(db, row.org)) ?? null,
    collected:
      row.contract === null || row.collection === null
        ? null
        : { contract: row.contract, collection: row.collection, at: row.at },
    standing: row.standing,
    others: await othersOf(db, key, row),
    decided: decisions.at(-1) ?? null,
  };
  const waits = facts.holds.some(({ limitation }) => limitation.startsWith('waits-for-'));
  const { type, status, org, subscription, amount, currency, object, source, contract } = row;
  return {
    id: key.id,
    type,
    status,
    org,
    entity: key.entity,
    subscription,
    amount: amount === null ? null : amountText(amount, currency),
    currency,
    source: { object, id: source },
    contract,
    standing: standingOf(facts),
    rules: await metRules(db, { ...key, source }),
    waitsFor: waits && type !== 'SO' ? facts.others : [],
    releases: waysOn(facts),
    decisions,
  };
}

async function readRow(db: Db, { entity, id }: LineKey): Promise<Row> {
  const { rows } = await sql<Row>`
    select l.type, ${STATUS} as status, l.org, l.subscription_name as subscription,
      ${billingsFlow(sql`l.withheld`, { others: false })} is not true as "billingsWait",
      trim_scale(l.ext_sell_price)::text as amount, l.transaction_currency as currency, l.source_object as object,
      l.source_id as source, l.so_line_id as "soLineId",
      coalesce(case when l.type = 'SO' then l.so_book_date else l.invoice_date end, l.so_book_date)::text as dated,
      r.contract, r.collection::text as collection, ${instantText(sql`k.closed_at`)} as at, b.line as standing
    from staging.line as l
    ${STATUS_JOINS}
    left join revenue.booking as b on b.org = l.org and b.so_line_id = l.so_line_id and b.entity = l.entity
    left join control.collection as k on k.collection = r.collection
    where l.entity = ${entity} and l.id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new TypeError(`line ${id} of ${entity} went while it was read`);
  return row;
}

async function heldFor(db: Db, key: LineKey, { type, org }: Row): Promise<LineFacts['holds']> {
  const holds = await holdsOf(db, [key]);
  if (holds.length === 0) return [];
  const { rules } = await rulesOfOrg(db, org);
  const overridable = new Set(rules.filter((rule) => rule.overridable).map(({ id }) => id));
  return holds.map(({ limitation, kind, message, remedy }) => ({
    type,
    limitation,
    kind,
    overridable: overridable.has(limitation),
    message,
    remedy,
  }));
}

/** The other SO lines of the same SO line id, newest subscription version first. */
async function othersOf(db: Db, { entity, id }: LineKey, { soLineId }: Row): Promise<OtherLine[]> {
  if (soLineId === null) return [];
  const { rows } = await sql<{ id: string; status: string }>`
    select l.id, ${STATUS} as status from staging.line as l ${STATUS_JOINS}
    where l.entity = ${entity} and l.so_line_id = ${soLineId} and l.type = 'SO' and l.id <> ${id}
    order by l.subscription_version desc nulls last, l.form desc, l.id limit 5`.execute(db);
  const holds = await holdsOf(
    db,
    rows.map((row) => ({ entity, id: row.id })),
  );
  return rows.map((row) => ({
    ...row,
    holds: holds
      .filter(({ line }) => line === row.id)
      .map(({ limitation, message, remedy }) => ({ limitation, message, remedy })),
  }));
}
