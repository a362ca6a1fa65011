import { describe, expect, test } from 'vitest';

import { collect } from './collect.ts';
import { failure, reply, stubBilling } from './stub-server.ts';

const PRODUCTS = 'GET /v1/catalog/products';

describe('the product catalogue', () => {
  test('comes with all that a product has, fractions as written', async () => {
    const body = `{"products": [{"id": "p1", "Made__c": null, "productRatePlans": [
      {"id": "r1", "productRatePlanCharges": [{"id": "c1", "pricing": [{"currency": "JPY", "price": 95.9750}]}]}
    ]}], "success": true}`;
    const { billing, seen } = await stubBilling({ [PRODUCTS]: reply(200, body) });
    const charge = { id: 'c1', pricing: [{ currency: 'JPY', price: '95.9750' }] };
    expect(await collect(billing.products())).toEqual([
      [{ id: 'p1', Made__c: null, productRatePlans: [{ id: 'r1', productRatePlanCharges: [charge] }] }],
    ]);
    expect(seen.at(-1)?.path).toBe('/v1/catalog/products?pageSize=40');
  });

  test('may be empty', async () => {
    const { billing } = await stubBilling({ [PRODUCTS]: reply(200, { success: true }) });
    expect(await collect(billing.products())).toEqual([]);
  });

  test('that is no list is not believed', async () => {
    const { billing } = await stubBilling({ [PRODUCTS]: reply(200, { products: { id: 'p1' } }) });
    expect((await failure(collect(billing.products()))).code).toBe('BILLING_REPLY_UNEXPECTED');
  });
});
