import { z } from 'zod';

import { type CallContract, Day, Id } from '../call-contract.ts';
import { LIST_CALL, listOf, PAGING } from './lists.ts';

const Text = z.string().nullable();
const DATES = { effectiveStartDate: Day.nullable(), effectiveEndDate: Day.nullable() };
/** What a tenant adds itself, and what else a record may have. */
const onlyCustomBeside = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .object(shape)
    .catchall(z.unknown())
    .superRefine((record, context) => {
      const unknown = Object.keys(record).filter((key) => !(key in shape) && !key.endsWith('__c'));
      for (const key of unknown) context.addIssue({ code: 'custom', path: [key], message: 'is not known' });
    });

const Price = z.looseObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  price: z.number().nullable(),
  tiers: z.array(z.looseObject({ tier: z.number(), price: z.number().nullable() })).nullable(),
});

/** A charge has more than sixty members: those that are read as what they are, the rest as it comes. */
const Charge = z.looseObject({
  id: Id,
  name: Text,
  type: z.enum(['OneTime', 'Recurring', 'Usage']),
  model: z.string().regex(/^[A-Z]\w+$/),
  pricingSummary: z.array(z.string()),
  pricing: z.array(Price),
  financeInformation: z.strictObject({
    deferredRevenueAccountingCode: Text,
    deferredRevenueAccountingCodeType: Text,
    recognizedRevenueAccountingCode: Text,
    recognizedRevenueAccountingCodeType: Text,
  }),
});

const Plan = onlyCustomBeside({
  id: Id,
  productRatePlanNumber: Text.optional(),
  status: z.enum(['Active', 'Expired', 'NotStarted']),
  name: Text,
  description: Text,
  ...DATES,
  productRatePlanCharges: z.array(Charge),
});

const Product = onlyCustomBeside({
  id: Id,
  productNumber: Text.optional(),
  sku: Text,
  name: Text,
  description: Text,
  category: Text,
  ...DATES,
  allowFeatureChanges: z.boolean(),
  productRatePlans: z.array(Plan),
});

export const PRODUCTS: CallContract = {
  ...LIST_CALL,
  name: 'GET /v1/catalog/products',
  query: z.strictObject(PAGING),
  success: { kind: 'json', body: listOf('products', Product) },
};
