import { type BillingObject } from '../../../domain/catalogue/define-object.ts';
import { jsonCell } from '../cell-json.ts';
import { fieldsOf } from '../export-fields.ts';
import { type Row, type Tenant } from '../tenant.ts';

/** A record of a reply, as `exactJson` writes it. */
export type ReplyRecord = Record<string, unknown>;

export interface RecordShape {
  /** In lower case; null: all fields. */
  readonly fields: ReadonlySet<string> | null;
  readonly includeNullFields: boolean;
}

/** Where the object query's spelling is not Billing's with a small first letter (SDK, Expanded* models). */
const SPELLED: Readonly<Record<string, string>> = {
  'Account.MRR': 'mrr',
  'Account.TaxExemptCertificateId': 'taxExemptCertificateID',
  'CreditMemoItem.SKU': 'sku',
  'DebitMemoItem.SKU': 'sku',
  'RatePlanCharge.DrawdownUOM': 'drawdownUom',
};

/** How rows of an object become records. */
export function recordsOf(
  tenant: Tenant,
  object: BillingObject,
  shape: RecordShape,
): (row: Row) => ReplyRecord {
  const fields = fieldsOf(tenant, object)
    .filter(({ name }) => shape.fields?.has(name.toLowerCase()) ?? true)
    .map(({ name, type }) => ({ name, type, key: SPELLED[`${object.name}.${name}`] ?? lowerFirst(name) }));
  return (row) => {
    const record: ReplyRecord = {};
    for (const { name, type, key } of fields) {
      const value = jsonCell(type, row[name]);
      if (value !== null || shape.includeNullFields) record[key] = value;
    }
    return record;
  };
}

export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
