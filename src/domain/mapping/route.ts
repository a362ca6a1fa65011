/**
 * How a template of each type reaches the objects that its rows name: from the driver, whose rows
 * become lines, along fields that hold another object's key. The first field that has a value decides;
 * a key that leads nowhere is an orphan, never a reason to try the next field.
 */
export interface Route {
  /** The name rows use; also the object's name in the catalogue unless `object` says otherwise. */
  readonly path: string;
  readonly object?: string;
  /** `Path.Field`, in order of preference. */
  readonly via: readonly string[];
  /**
   * `always`: a line cannot stand without it. `named`: a value in the field must lead to a row.
   * `optional`: may be missing without any remark.
   */
  readonly presence: 'always' | 'named' | 'optional';
}

export interface Routes {
  readonly driver: string;
  readonly routes: readonly Route[];
}

export const PRODUCT_CATALOG: readonly Route[] = [
  { path: 'ProductRatePlan', via: ['ProductRatePlanCharge.ProductRatePlanId'], presence: 'named' },
  { path: 'Product', via: ['ProductRatePlan.ProductId'], presence: 'named' },
];

/** What a charge books. */
export const PRICE: Route = {
  path: 'ChargeContractualValueAllCharges',
  via: ['RatePlanCharge.Id'],
  presence: 'optional',
};

const SEGMENT_CODES = [
  'ContractLiability',
  'ContractRecognizedRevenue',
  'AdjustmentLiability',
  'AdjustmentRevenue',
  'UnbilledReceivables',
  'ContractAsset',
];

/**
 * Accounting codes of what is billed: the product charge's, else the item's own, which an item without a product
 * charge has (domain.md 3.5, standalone invoice items).
 */
export const codesOf = (item: string): readonly Route[] =>
  SEGMENT_CODES.map((code) => ({
    path: `ProductRatePlanCharge.${code}AccountingCode`,
    object: 'AccountingCode',
    via: [`ProductRatePlanCharge.${code}AccountingCodeId`, `${item}.${code}AccountingCodeId`],
    presence: 'named',
  }));
