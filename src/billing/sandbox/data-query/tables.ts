import { objectOf } from '../../../domain/catalogue/catalogue.ts';
import { type FieldType } from '../../../domain/catalogue/define-object.ts';
import { fieldsOf } from '../export-fields.ts';
import { type Tenant } from '../tenant.ts';
import { type SqlType } from './sql-tree.ts';

export interface Column {
  /** In lower case, as Data Query has all names. */
  readonly name: string;
  readonly type: SqlType;
  /** The field of the row. */
  readonly field: string;
}

export interface Table {
  readonly name: string;
  /** What the tenant calls its rows. */
  readonly object: string;
  readonly columns: readonly Column[];
}

const TYPES: Readonly<Record<FieldType, SqlType>> = {
  text: 'varchar',
  integer: 'bigint',
  decimal: 'decimal(22,9)',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp with time zone',
};

const CONTRACTUAL_VALUES = 'ChargeContractualValueAllCharges';

/** What Data Query has of the rows that AQuA calls ChargeContractualValueAllCharges (design.md 9, 11). */
const VALUE_COLUMNS: readonly (readonly [name: string, field: string, type: FieldType])[] = [
  ['id', 'Id', 'text'],
  ['amount', 'Amount', 'decimal'],
  ['createdby', 'CreatedById', 'text'],
  ['createdon', 'CreatedDate', 'datetime'],
  ['currency', 'Currency', 'text'],
  ['elp', 'Elp', 'decimal'],
  ['rateplanchargeid', 'RatePlanChargeId', 'text'],
  ['subscriptionid', 'SubscriptionId', 'text'],
  ['updatedby', 'UpdatedById', 'text'],
  ['updatedon', 'UpdatedDate', 'datetime'],
];

/** Every table of the tenant by name: objects, contractual values and custom objects. */
export function tablesOf(tenant: Tenant): ReadonlyMap<string, Table> {
  const tables: Table[] = tenant.objects.map((name) => ({
    name: name.toLowerCase(),
    object: name,
    columns: fieldsOf(tenant, objectOf(name)).map((field) => columnOf(field.name, field.type)),
  }));
  if ([...tenant.objects, ...tenant.dataQueryOnly].includes(CONTRACTUAL_VALUES)) {
    const columns = VALUE_COLUMNS.map(([name, field, type]) => ({ name, field, type: TYPES[type] }));
    tables.push({ name: 'chargecontractualvalue', object: CONTRACTUAL_VALUES, columns });
  }
  for (const { name, fields } of tenant.customObjects) {
    const columns = Object.entries(fields).map(([field, type]) => columnOf(field, type));
    tables.push({ name: name.toLowerCase(), object: name, columns });
  }
  return new Map(tables.map((table) => [table.name, table]));
}

/**
 * The table of a name. Zuora's documents write custom objects without the `__c` at their end, and an
 * order's table cannot go by its own name without quotes.
 */
export function findTable(tables: ReadonlyMap<string, Table>, name: string): Table | undefined {
  const other = name === 'orders' ? 'order' : `${name}__c`;
  return tables.get(name) ?? tables.get(other);
}

function columnOf(field: string, type: FieldType): Column {
  return { name: field.toLowerCase(), field, type: TYPES[type] };
}
