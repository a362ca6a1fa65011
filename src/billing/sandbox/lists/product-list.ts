import { exactReply } from '../exact-json.ts';
import { type Reply } from '../replies.ts';
import { type Call, type Services } from '../routes.ts';
import { type Row, type Tenant } from '../tenant.ts';
import { listReply } from './paging.ts';
import { catalogCharge } from './product-charge.ts';
import { accountingCodes, rowReader } from './read-rows.ts';

const PAGE = 10;

/** `GET /v1/catalog/products` (wire.md 2.5): products with their rate plans, charges and prices. */
export async function productList(services: Services, call: Call): Promise<Reply> {
  const { tenant, workshop } = services;
  const read = rowReader(services, call);
  const list = listReply(call, await read('Product'), PAGE);
  if ('status' in list) return list;

  const plans = groupedBy('ProductId', await read('ProductRatePlan', among('ProductId', list.items)));
  const ofPlans = among('ProductRatePlanId', [...plans.values()].flat());
  const charges = groupedBy('ProductRatePlanId', await read('ProductRatePlanCharge', ofPlans));
  const ofCharges = among('ProductRatePlanChargeId', [...charges.values()].flat());
  const tiers = groupedBy('ProductRatePlanChargeId', await read('ProductRatePlanChargeTier', ofCharges));
  const codeOf = await accountingCodes(read);
  const today = new Date(workshop.now()).toISOString().slice(0, 10);

  const chargesOf = (plan: Row): unknown[] =>
    (charges.get(plan['Id'] ?? '') ?? []).map((charge) => ({
      ...catalogCharge(charge, tiers.get(charge['Id'] ?? '') ?? [], codeOf),
      ...customFields(tenant, 'ProductRatePlanCharge', charge),
    }));
  const products = list.items.map((product) => ({
    ...productOf(product),
    ...customFields(tenant, 'Product', product),
    productRatePlans: (plans.get(product['Id'] ?? '') ?? []).map((plan) => ({
      ...planOf(plan, today),
      ...customFields(tenant, 'ProductRatePlan', plan),
      productRatePlanCharges: chargesOf(plan),
    })),
  }));
  return exactReply({ products, nextPage: list.nextPage, success: true });
}

function productOf(row: Row): Record<string, unknown> {
  return {
    id: row['Id'],
    sku: row['SKU'] ?? null,
    name: row['Name'] ?? null,
    description: row['Description'] ?? '',
    category: row['Category'] ?? null,
    effectiveStartDate: row['EffectiveStartDate'] ?? null,
    effectiveEndDate: row['EffectiveEndDate'] ?? null,
    allowFeatureChanges: row['AllowFeatureChanges'] === 'true',
  };
}

function planOf(row: Row, today: string): Record<string, unknown> {
  const from = row['EffectiveStartDate'] ?? null;
  const until = row['EffectiveEndDate'] ?? null;
  const isOver = until !== null && until < today;
  const isAhead = from !== null && from > today;
  return {
    id: row['Id'],
    status: isOver ? 'Expired' : isAhead ? 'NotStarted' : 'Active',
    name: row['Name'] ?? null,
    description: row['Description'] ?? '',
    effectiveStartDate: from,
    effectiveEndDate: until,
  };
}

function customFields(tenant: Tenant, object: string, row: Row): Record<string, unknown> {
  return Object.fromEntries(tenant.customFields(object).map((field) => [field, row[field] ?? null]));
}

function among(field: string, rows: readonly Row[]): (row: Row) => boolean {
  const ids = new Set(rows.map((row) => row['Id']));
  return (row) => ids.has(row[field] ?? '');
}

function groupedBy(field: string, rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row[field] ?? '', [...(groups.get(row[field] ?? '') ?? []), row]);
  return groups;
}
