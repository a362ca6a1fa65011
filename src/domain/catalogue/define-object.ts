/** How a field's text is read. `decimal` is exact; `date` is a calendar day; `datetime` an instant. */
export type FieldType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime';

/** A path from an object to another, by the field that holds the other's key. */
export interface Relation {
  readonly object: string;
  readonly field: string;
  /** Billing exports this field under its own name, never as `<path>.Id`. */
  readonly plain?: boolean;
}

/**
 * One Billing object as revsync knows it. `kind` follows the infrastructure page: a *state* object is
 * read whole, by a loop once an hour, a *transaction* object by the window of its UpdatedDate.
 */
export interface BillingObject {
  readonly name: string;
  readonly kind: 'state' | 'transaction';
  /** Field names in Billing's spelling; all of them become columns of the pre-staging table. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** The fields that identify a row; `['Id']` unless Billing gives the object no id everywhere. */
  readonly key: readonly string[];
  readonly relations: Readonly<Record<string, Relation>>;
  /** Fields that bill runs and payments touch: a version in which only these changed leaves no history. */
  readonly volatile: readonly string[];
  /** Whether AQuA can report deleted rows of the object (wire.md 2.2, fact 5). */
  readonly deletes: boolean;
  /** `prestaging.<table>`. */
  readonly table: string;
}

type Definition = Pick<BillingObject, 'name' | 'kind' | 'fields'> &
  Partial<Pick<BillingObject, 'key' | 'relations' | 'volatile' | 'deletes'>>;

/** Completes a definition with its defaults. */
export function defineObject(definition: Definition): BillingObject {
  return {
    key: ['Id'],
    relations: {},
    volatile: [],
    deletes: true,
    ...definition,
    table: snakeCase(definition.name),
  };
}

/** `InvoiceItem` -> `invoice_item`, `DMRCHomeCurrency` -> `dmrc_home_currency`, `VATId` -> `vat_id`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** `InvoiceItem` -> `invoice-item`, as hold ids and file names spell objects. */
export function kebabCase(name: string): string {
  return snakeCase(name).replaceAll('_', '-');
}

/**
 * The column of a field. `id` is the row's key in every table, so the field `Id` of an object with
 * another key becomes `record_id`.
 */
export function columnOf(object: BillingObject, field: string): string {
  return field === 'Id' && object.key[0] !== 'Id' ? 'record_id' : snakeCase(field);
}
