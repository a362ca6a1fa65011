import { findObject } from '../../domain/catalogue/catalogue.ts';
import { type BillingObject } from '../../domain/catalogue/define-object.ts';
import { type SandboxField, fieldsOf } from './export-fields.ts';
import { type Row, type Tenant } from './tenant.ts';
import { type Query, ZoqlError, parseZoql } from './zoql.ts';
import { type RowTest, compileCondition } from './zoql-filter.ts';

/** Why the query call refuses a query, with Zuora's fault code. */
export class ZoqlFault extends Error {
  override readonly name = 'ZoqlFault';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A query of `POST /v1/action/query`, checked and ready to run. */
export interface ZoqlQuery {
  readonly object: BillingObject;
  readonly fields: readonly SandboxField[];
  readonly test: RowTest;
}

/** Not part of the SOAP object model that the call knows: memos, objects of Orders, and data sources. */
const UNKNOWN = [
  'CreditMemo',
  'CreditMemoItem',
  'DebitMemo',
  'DebitMemoItem',
  'Order',
  'OrderAction',
  'Ramp',
  'RampInterval',
  'RampSubscriptionLink',
  'ContactSnapshot',
  'ChargeContractualValueAllCharges',
  'DiscountContractualValues',
  'ExchangeRate',
];

/** Reads ZOQL as the query call does (wire.md 2.3), which is less than exports know. Throws `ZoqlFault`. */
export function readZoql(tenant: Tenant, text: string): ZoqlQuery {
  checkWords(text);
  const query = parsed(text);
  const name = tenant.objects.find((one) => one.toLowerCase() === query.object.toLowerCase());
  const object = name === undefined || UNKNOWN.includes(name) ? undefined : findObject(name);
  if (object === undefined) throw new ZoqlFault('INVALID_TYPE', `invalid type name: ${query.object}`);
  const known = new Map(fieldsOf(tenant, object).map((field) => [field.name.toLowerCase(), field]));
  const field = (written: string): SandboxField => {
    const found = known.get(written.toLowerCase());
    if (found !== undefined) return found;
    throw new ZoqlFault('INVALID_FIELD', `invalid field for query: ${object.name}.${written}`);
  };
  const fields = query.fields.map(field);
  for (const condition of query.anyOf.flat()) field(condition.field);
  const test = testOf(tenant, object, query);
  return {
    object,
    fields,
    test: (row) => row['Deleted'] !== 'true' && isShown(object, query, row) && test(row),
  };
}

/** Removed products are hidden unless the query asks about kinds of amendments. */
function isShown({ name }: BillingObject, { anyOf }: Query, row: Row): boolean {
  if (name !== 'RatePlan' || row['AmendmentType'] !== 'RemoveProduct') return true;
  return anyOf.flat().some(({ field }) => field.toLowerCase() === 'amendmenttype');
}

function testOf(tenant: Tenant, object: BillingObject, { anyOf }: Query): RowTest {
  if (anyOf.length === 0) return () => true;
  try {
    const groups = anyOf.map((group) =>
      group.map((condition) => {
        const compiled = compileCondition(tenant, object, condition, findObject);
        // Fields of related objects were refused before.
        return 'own' in compiled ? compiled.own : () => false;
      }),
    );
    return (row) => groups.some((group) => group.every((test) => test(row)));
  } catch (error) {
    if (error instanceof ZoqlError) throw new ZoqlFault('INVALID_VALUE', error.message);
    throw error;
  }
}

const KEYWORDS = /^(select|from|where|and|or|null|true|false)$/i;
const REFUSED: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\*/, 'the asterisk is not supported: name the fields'],
  [/[()]/, 'parentheses, functions and lists are not supported'],
  [/\b(order|group)\s+by\b/i, 'order by and group by are not supported'],
  [/\b(join|in|like|limit|distinct|having)\b/i, 'only =, !=, <, <=, > and >= are supported'],
  [/\b[A-Za-z_]\w*\.[A-Za-z_]/, 'joins are not supported: fields of one object only'],
];

/** What exports may say, and the query call may not. */
function checkWords(text: string): void {
  const bare = text.replace(/'(?:[^'\\]|\\[^])*'/g, "''");
  for (const word of bare.match(/[A-Za-z_]\w*/g) ?? []) {
    if (KEYWORDS.test(word) && word !== word.toLowerCase()) {
      throw malformed(`keywords are in lower case: ${word}`);
    }
  }
  for (const [pattern, what] of REFUSED) if (pattern.test(bare)) throw malformed(what);
}

function parsed(text: string): Query {
  try {
    return parseZoql(text);
  } catch (error) {
    if (error instanceof ZoqlError) throw malformed(error.message);
    throw error;
  }
}

function malformed(message: string): ZoqlFault {
  return new ZoqlFault('MALFORMED_QUERY', `You have an error in your ZOQL syntax: ${message}`);
}
