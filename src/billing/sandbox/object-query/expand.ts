import { findObject } from '../../../domain/catalogue/catalogue.ts';
import { type BillingObject } from '../../../domain/catalogue/define-object.ts';
import { type Pass } from '../export-pass.ts';
import { type Row, type Tenant } from '../tenant.ts';
import { queriedObjects } from './collections.ts';
import { ObjectQueryError } from './object-query-error.ts';
import { type ObjectQueryRequest } from './query-request.ts';
import { type ReplyRecord, lowerFirst, recordsOf } from './record.ts';

/** A record with the row that it was made from. */
export interface Expandable {
  readonly row: Row;
  readonly record: ReplyRecord;
}

export interface ExpandContext {
  readonly tenant: Tenant;
  readonly request: Pick<ObjectQueryRequest, 'fieldsOf' | 'includeNullFields'>;
  readonly pass: Pass;
}

/** What Zuora can expand too, but what no tenant of the sandbox has. */
const ABSENT_LISTS = [
  'creditMemoApplications',
  'creditMemoParts',
  'creditTaxationItems',
  'debitTaxationItems',
  'externalProductRatePlans',
  'orderLineItems',
  'paymentApplications',
  'paymentMethods',
  'paymentParts',
  'payments',
  'refunds',
  'taxationItems',
  'usages',
];
const ABSENT_PARENTS = [
  'billtocontactsnapshot',
  'defaultpaymentmethod',
  'invoiceschedule',
  'invoicescheduleitem',
  'orderlineitem',
  'shipto',
  'shiptocontactsnapshot',
  'soldtocontactsnapshot',
  'subscriptionowner',
];

/** Puts related records into records of an object: parents by their path, children as lists. */
export async function expandRecords(
  object: BillingObject,
  records: readonly Expandable[],
  paths: readonly string[],
  context: ExpandContext,
): Promise<void> {
  const heads = new Set(paths.map((path) => path.split('.')[0] ?? ''));
  for (const head of heads) {
    const rest = paths
      .filter((path) => path.startsWith(`${head}.`))
      .map((path) => path.slice(head.length + 1));
    const link = linkOf(object, head, context.tenant);
    if (link === null) {
      const list = ABSENT_LISTS.find((name) => name.toLowerCase() === head);
      if (list !== undefined) for (const { record } of records) record[list] = [];
      continue;
    }
    const related = await relatedRecords(link, head, records, context);
    await expandRecords(link.object, related, rest, context);
    for (const { row, record } of records) {
      const own = related.filter((one) => one.row[link.theirs] === row[link.ours]);
      if (link.many) record[link.key] = own.map((one) => one.record);
      else if (own[0] !== undefined) record[link.key] = own[0].record;
    }
  }
}

/** How records of two objects find each other: by equal values of a field on either side. */
interface Link {
  readonly object: BillingObject;
  readonly key: string;
  readonly ours: string;
  readonly theirs: string;
  readonly many: boolean;
}

/** Null for what is known but never there. */
function linkOf(object: BillingObject, head: string, tenant: Tenant): Link | null {
  for (const [path, relation] of Object.entries(object.relations)) {
    const related = path.toLowerCase() === head ? findObject(relation.object) : undefined;
    if (related !== undefined) {
      return { object: related, key: lowerFirst(path), ours: relation.field, theirs: 'Id', many: false };
    }
  }
  for (const name of queriedObjects(tenant)) {
    const child = `${name.toLowerCase()}s` === head ? findObject(name) : undefined;
    const field = child?.relations[object.name]?.field;
    if (child !== undefined && field !== undefined) {
      return { object: child, key: `${lowerFirst(name)}s`, ours: 'Id', theirs: field, many: true };
    }
  }
  if (ABSENT_PARENTS.includes(head) || ABSENT_LISTS.some((name) => name.toLowerCase() === head)) return null;
  throw new ObjectQueryError(400, `${object.name} cannot be expanded by ${head}`);
}

async function relatedRecords(
  { object, ours, theirs }: Link,
  head: string,
  records: readonly Expandable[],
  { tenant, request, pass }: ExpandContext,
): Promise<readonly Expandable[]> {
  const wanted = new Set(records.flatMap(({ row }) => row[ours] ?? []));
  const shape = { fields: request.fieldsOf(head), includeNullFields: request.includeNullFields };
  const toRecord = recordsOf(tenant, object, shape);
  const found: Expandable[] = [];
  if (wanted.size === 0) return found;
  await pass([object.name], (_, row) => {
    if (row['Deleted'] === 'true' || !wanted.has(row[theirs] ?? '')) return;
    found.push({ row, record: toRecord(row) });
  });
  return found;
}
