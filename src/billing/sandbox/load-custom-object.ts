import { type BillingObject, type FieldType, defineObject } from '../../domain/catalogue/define-object.ts';

/** What Zuora gives every custom object; its other fields end in `__c` and are read as text. */
const STANDARD: Readonly<Record<string, FieldType>> = {
  Id: 'text',
  Name: 'text',
  CreatedById: 'text',
  CreatedDate: 'datetime',
  UpdatedById: 'text',
  UpdatedDate: 'datetime',
};

/** Custom objects have no table in pre-staging. */
const NO_TABLE = '';

/** The object of a file like `default__projectcode__c.csv`, or undefined when the name is of another form. */
export function customObject(name: string): BillingObject | undefined {
  if (!/^default__[a-z]\w*$/i.test(name)) return undefined;
  return { ...defineObject({ name, kind: 'state', fields: STANDARD }), table: NO_TABLE };
}

export function isCustomObject({ table }: BillingObject): boolean {
  return table === NO_TABLE;
}

/** A column's name; Data Query's own results spell the standard fields in lower case. */
export function standardName(cell: string): string {
  const names = [...Object.keys(STANDARD), 'EntityId', 'Deleted'];
  return names.find((name) => name.toLowerCase() === cell.toLowerCase()) ?? cell;
}
