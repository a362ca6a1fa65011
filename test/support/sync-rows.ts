import { Readable } from 'node:stream';

import type pg from 'pg';

import { headerTarget } from '../../src/billing/aqua/header.ts';
import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { destinyOf } from '../../src/store/balance/destiny.ts';
import type { Balance } from '../../src/store/balance/read-balance.ts';
import { strikeBalance } from '../../src/store/balance/strike-balance.ts';
import { collect, type CollectionResult } from '../../src/store/collect/collect.ts';
import { openCollection } from '../../src/store/collections.ts';
import type { Db } from '../../src/store/database.ts';
import { reportFindings } from '../../src/store/limitations/report-findings.ts';
import { loadObject, type LoadCounts } from '../../src/store/load/load-object.ts';
import { ensureOpenPeriod } from '../../src/store/periods.ts';
import { completeRun, openRun } from '../../src/store/runs.ts';
import { ensureSeededSetups } from '../../src/store/setups/seeded-setups.ts';
import { defaultTemplates, ensureSeededTemplates } from '../../src/store/templates.ts';
import { recordEntities, rememberInvoiceSettlement } from '../../src/store/tenancy.ts';
import { transformType } from '../../src/store/transform/transform-type.ts';

/** Rows as the API names their fields; a missing field is null. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;

export interface Target {
  readonly db: Db;
  readonly pool: pg.Pool;
}

let owners = 0;

/** A file with a column for every field that any row has. */
export const csvOf = (rows: readonly Readonly<Record<string, string | null>>[]): string => {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text: string | null | undefined): string =>
    text == null ? '' : `"${text.replaceAll('"', '""')}"`;
  return [header.join(','), ...rows.map((row) => header.map((name) => cell(row[name])).join(','))].join('\n');
};

/** The entity and organisation of a test, once. */
export async function recordTenant(
  { db }: Target,
  entity = 'demo',
  org = 'default',
  homeCurrency: string | null = 'USD',
): Promise<void> {
  await recordEntities(db, [
    {
      entity,
      org,
      billingId: null,
      entityName: 'Acme Inc.',
      displayName: 'Acme',
      parent: null,
      timezone: null,
      homeCurrency,
    },
  ]);
  await ensureSeededTemplates(db);
  await ensureSeededSetups(db);
}

/** Loads rows of one object as a file of a run that is open. */
export async function loadRows(
  { pool }: Target,
  { run, entity, org }: { run: string; entity: string; org: string },
  name: string,
  rows: Rows[string],
): Promise<LoadCounts> {
  const object = objectOf(name);
  const bytes = Buffer.from(csvOf(rows));
  return loadObject(pool, {
    run,
    entity,
    org,
    object,
    destiny: destinyOf(object),
    files: [{ id: `${run}-${name}`, open: async () => Readable.from([bytes]) }],
    recordCount: String(rows.length),
    readHeader: (cells) =>
      cells.map((each) => headerTarget(object, each, 'Deleted') ?? { kind: 'ignored' as const }),
    onBytes: () => undefined,
  });
}

interface SyncOptions {
  readonly entity?: string;
  readonly org?: string;
  readonly complete?: boolean;
  /** False: the entity is recorded already, with what a test has to say of it. */
  readonly record?: boolean;
  /** Home currency; null: Currency Conversion is off. */
  readonly home?: string | null;
  /** Whether the entity has Invoice Settlement; without a word it has when the rows have memos. */
  readonly settlement?: boolean;
  /** What the run reads beside its export, once that is loaded. */
  readonly beside?: (opened: { run: string; entity: string; org: string }) => Promise<unknown>;
}

/** One whole run over the rows, as the workflow does it, without Temporal and without Billing. */
export async function syncRows(
  target: Target,
  rows: Rows,
  {
    entity = 'demo',
    org = 'default',
    complete = true,
    record = true,
    home = 'USD',
    settlement = Object.keys(rows).some((object) => /^(Credit|Debit)Memo/.test(object)),
    beside = async () => undefined,
  }: SyncOptions = {},
): Promise<{ run: string; balance: Balance; loads: Record<string, LoadCounts> }> {
  const { db } = target;
  if (record) await recordTenant(target, entity, org, home);
  await rememberInvoiceSettlement(db, entity, settlement);
  owners += 1;
  const opened = await openRun(db, {
    entity,
    org,
    owner: { workflowId: `test/${entity}`, runId: `run-${owners}` },
    window: { from: null, to: '2024-02-15T00:00:00Z', lookBack: false, movesMark: true, selection: {} },
  });
  if (opened === undefined) throw new Error('a run of the entity is open');
  const { run } = opened;
  const loads: Record<string, LoadCounts> = {};
  const names = Object.keys(rows).toSorted((a, b) => Number(b === 'Account') - Number(a === 'Account'));
  for (const name of names)
    loads[name] = await loadRows(target, { run, entity, org }, name, rows[name] ?? []);
  await beside({ run, entity, org });
  for (const template of await defaultTemplates(db, entity))
    await transformType(db, { run, entity, org, template });
  await reportFindings(db, { run, entity, org });
  const balance = await strikeBalance(db, { run, entity, org });
  if (complete) {
    await ensureOpenPeriod(db, org, '2024-02-15');
    await completeRun(db, run, 'completed');
  }
  return { run, balance, loads };
}

/** One collection of the organisation, as the workflow does it. */
export async function collectOrg({ db }: Target, org = 'default'): Promise<CollectionResult> {
  owners += 1;
  const collection = await openCollection(db, org, {
    workflowId: `test/${org}`,
    runId: `collection-${owners}`,
  });
  if (collection === undefined) throw new Error('a collection of the organisation is open');
  return collect(db, org, collection);
}
