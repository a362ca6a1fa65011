import { TRIPS, type Trip } from '../../src/billing/sandbox/generate/trips.ts';
import type { LimitationId } from '../../src/domain/limitations.ts';
import { LIMITATIONS } from '../../src/limitations/all-limitations.ts';
import { PRACTICES } from '../../src/limitations/all-practices.ts';
import type { Db } from '../../src/store/database.ts';
import { summarizeHits } from '../../src/store/limitations/hits.ts';
import { generatedRows } from './generated-rows.ts';
import type { Rows } from './sync-rows.ts';

type Row = Rows[string][number];

/** The last day before the period that tests open is over. */
const DAYS = 'from=2023-06-01,until=2024-02-15';

/** Spec of a tenant without any footprint; `trip` adds one. Each trip has its own seed: chance must not matter. */
export function plainSpec(trip?: Trip, more = ''): string {
  const seed = trip === undefined ? 40 : TRIPS.indexOf(trip) + 1;
  return `items=40,seed=${seed},plain=on,${DAYS}${more}${trip === undefined ? '' : `,trip=${trip}`}`;
}

export const plainRows = (trip?: Trip, more = ''): Rows => generatedRows(plainSpec(trip, more));

/** A change set: the newest version of a subscription comes again, a charge of it worth more by a thousand. */
export function sameVersionAgain(rows: Rows): Rows {
  const newest = new Set(
    rows['Subscription']?.filter((row) => row['IsLatestVersion'] === 'true').map((row) => row['Id']),
  );
  const value = found(
    rows['ChargeContractualValueAllCharges'] ?? [],
    (row) => newest.has(row['SubscriptionId'] ?? '') && /^[1-9]\d\d\./.test(row['Amount'] ?? ''),
  );
  return { ChargeContractualValueAllCharges: [changed(value, { Amount: `1${value['Amount'] ?? ''}` })] };
}

/** A change set: a customer is renamed after its lines were collected. */
export function renamedCustomer(rows: Rows): Rows {
  const account = found(rows['Account'] ?? [], () => true);
  return { Account: [changed(account, { Name: 'Renamed Inc.' })] };
}

function found(rows: readonly Row[], fits: (row: Row) => boolean): Row {
  const row = rows.find(fits);
  if (row === undefined) throw new Error('the tenant has no row to change');
  return row;
}

const changed = (row: Row, fields: Row): Row => ({
  ...row,
  ...fields,
  UpdatedDate: '2024-02-15T00:00:00+0000',
});

/** Which rules find something of an entity, in pre-staging and among the lines, in the order of the source. */
export async function rulesThatFind(
  db: Db,
  entity = 'demo',
): Promise<Record<'inBilling' | 'inStaging', LimitationId[]>> {
  const finding = { inBilling: [] as LimitationId[], inStaging: [] as LimitationId[] };
  for (const { id, inBilling, inStaging } of LIMITATIONS) {
    const billing = inBilling === null ? '0' : (await summarizeHits(db, inBilling.hits(entity))).count;
    const staging = inStaging === null ? '0' : (await summarizeHits(db, inStaging(entity))).count;
    if (billing !== '0') finding.inBilling.push(id);
    if (staging !== '0') finding.inStaging.push(id);
  }
  return finding;
}

/** Which practices readiness finds something of. */
export async function practicesThatFind(db: Db, entity = 'demo'): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, inBilling } of PRACTICES) {
    if ((await summarizeHits(db, inBilling.hits(entity))).count !== '0') ids.push(id);
  }
  return ids;
}

/** The rules that are to find something where one is tripped: itself and what it implies, as far as they look there. */
export function rulesTrippedBy(
  tripped: LimitationId,
): Record<'inBilling' | 'inStaging', readonly LimitationId[]> {
  const expected = new Set<LimitationId>([tripped]);
  for (const id of expected) {
    for (const implied of LIMITATIONS.find((rule) => rule.id === id)?.implies ?? []) expected.add(implied);
  }
  const rules = LIMITATIONS.filter(({ id }) => expected.has(id));
  return {
    inBilling: rules.filter(({ inBilling }) => inBilling !== null).map(({ id }) => id),
    inStaging: rules.filter(({ inStaging }) => inStaging !== null).map(({ id }) => id),
  };
}
