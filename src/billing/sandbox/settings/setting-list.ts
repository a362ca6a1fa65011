import { csvLine } from '../csv-write.ts';
import { type Reply, json } from '../replies.ts';
import { type Scope, type Tenant } from '../tenant.ts';

/** Keys and descriptions that do not follow from the path, as Zuora's own listing has them. */
const KNOWN: Readonly<Record<string, readonly [key: string, description: string]>> = {
  'accounting-rules': ['AccountingRules', 'Rules of accounting'],
  'billing-cycle-types': ['BillingCycleType', 'Days on which the tenant may bill'],
  'billing-list-price-bases': ['BillingListPriceBase', 'What a list price may be for'],
  'billing-periods': ['BillingPeriod', 'How long a billing period may be'],
  'charge-types': ['ChargeType', 'Types of charges'],
  currencies: ['Currency', 'Currencies of the tenant'],
  'discount-settings': ['AllDiscountSettings', 'Classes of discounts'],
  'fx-currencies': ['FxCurrency', 'Home currency and conversion'],
  'numbers-and-skus': ['NumberAndSku', 'Prefixes of numbers'],
  'payment-terms': ['AllPaymentTerms', 'Terms of payment'],
  'revenue-recognition-codes': ['AllRevenueRecognitionCodes', 'Codes of revenue recognition'],
  'units-of-measure': ['AllUnitsOfMeasure', 'Units of measure'],
};

interface Setting {
  readonly key: string;
  readonly description: string;
  readonly context: 'Entity';
  readonly pathPattern: string;
  readonly httpOperations: readonly {
    readonly method: 'GET';
    readonly url: string;
    readonly parameters: readonly [];
    readonly responseType: unknown;
  }[];
}

/** `GET /settings/listing` (wire.md 2.5): what can be read here; as JSON, or as CSV when that is accepted. */
export function settingList(tenant: Tenant, scope: Scope, accept: string): Reply {
  const settings = tenant.settingKeys.map((path) => settingOf(path, tenant.setting(path, scope)));
  if (!/\b(application|text)\/csv\b/i.test(accept)) return json({ settings });
  const rows = settings.flatMap(({ key, description, context, pathPattern, httpOperations }) =>
    httpOperations.map(({ method, url }) => [key, description, context, pathPattern, method, url]),
  );
  const header = ['key', 'description', 'context', 'pathPattern', 'method', 'url'];
  return {
    status: 200,
    headers: { 'content-type': 'application/csv;charset=utf-8' },
    body: [header, ...rows].map((cells) => csvLine(cells)).join(''),
  };
}

function settingOf(path: string, body: unknown): Setting {
  const words = path.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());
  const [key, description] = KNOWN[path] ?? [words, `Settings of ${path.replaceAll('-', ' ')}`];
  const responseType = { $ref: `#/definitions/${key}`, definitions: { [key]: schemaOf(body) } };
  return {
    key,
    description,
    context: 'Entity',
    pathPattern: `/${path}`,
    httpOperations: [{ method: 'GET', url: `/settings/${path}`, parameters: [], responseType }],
  };
}

/** The JSON schema of a body, as far as one example tells. */
function schemaOf(value: unknown): unknown {
  if (Array.isArray(value))
    return { type: 'array', ...(value.length === 0 ? {} : { items: schemaOf(value[0]) }) };
  if (typeof value !== 'object' || value === null) return { type: value === null ? 'null' : typeof value };
  const properties = Object.entries(value).map(([name, member]) => [name, schemaOf(member)]);
  return { additionalProperties: false, type: 'object', properties: Object.fromEntries(properties) };
}
