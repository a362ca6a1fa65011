import { z } from 'zod';

import type { BillingRecord } from '../port.ts';
import { readPages } from './paging.ts';
import { fit } from './reply.ts';
import type { Session } from './session.ts';

const Page = z.object({ products: z.array(z.record(z.string(), z.unknown())).nullish() });

/**
 * `GET /v1/catalog/products` (wire.md 2.5) with its rate plans and charges, page by page, every field kept.
 * The server treats a page of more than 40 as one of 40.
 */
export async function* listProducts(session: Session): AsyncGenerator<readonly BillingRecord[]> {
  for await (const { reply, body } of readPages(session, '/v1/catalog/products?pageSize=40')) {
    const { products } = fit(Page, body, reply);
    if (products != null && products.length > 0) yield products;
  }
}
