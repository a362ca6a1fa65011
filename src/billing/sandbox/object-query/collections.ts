import { findObject } from '../../../domain/catalogue/catalogue.ts';
import { type BillingObject, kebabCase } from '../../../domain/catalogue/define-object.ts';
import { type Tenant } from '../tenant.ts';

/** Objects that the object query knows, with the field that people call a record by. */
const NUMBERS: Readonly<Record<string, string | null>> = {
  Account: 'AccountNumber',
  Amendment: 'Code',
  Contact: null,
  ContactSnapshot: null,
  CreditMemo: 'MemoNumber',
  CreditMemoItem: null,
  DebitMemo: 'MemoNumber',
  DebitMemoItem: null,
  Invoice: 'InvoiceNumber',
  InvoiceItem: null,
  Order: 'OrderNumber',
  OrderAction: null,
  Product: 'SKU',
  ProductRatePlan: null,
  ProductRatePlanCharge: 'ProductRatePlanChargeNumber',
  ProductRatePlanChargeTier: null,
  Ramp: 'Number',
  RatePlan: null,
  RatePlanCharge: 'ChargeNumber',
  RatePlanChargeTier: null,
  Subscription: 'Name',
};

export interface Collection {
  readonly object: BillingObject;
  /** Null where a record has an id alone. */
  readonly numberField: string | null;
}

/** What `/object-query/<name>` is about: `invoice-items` are InvoiceItem. Undefined when the tenant has none. */
export function collectionOf(tenant: Tenant, name: string): Collection | undefined {
  const found = Object.entries(NUMBERS).find(([object]) => `${kebabCase(object)}s` === name.toLowerCase());
  if (found === undefined || !tenant.objects.includes(found[0])) return undefined;
  const object = findObject(found[0]);
  return object === undefined ? undefined : { object, numberField: found[1] };
}

/** Names of objects that the object query knows. */
export function queriedObjects(tenant: Tenant): readonly string[] {
  return Object.keys(NUMBERS).filter((name) => tenant.objects.includes(name));
}
