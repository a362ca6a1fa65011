import { describe, expect, test } from 'vitest';

import { collect } from './collect.ts';
import { failure, reply, stubBilling, type Answer } from './stub-server.ts';

const PRODUCTS = 'GET /v1/catalog/products';
const page = (id: string, nextPage?: unknown): Answer =>
  reply(200, { products: [{ id }], nextPage, success: true });
/** Answers with what the request's own host makes of it. */
const pageAt =
  (id: string, nextPage: (host: string) => string): Answer =>
  (request, response) =>
    page(id, nextPage(request.headers.host ?? ''))(request, response);
const ids = async (pages: AsyncIterable<readonly Readonly<Record<string, unknown>>[]>) =>
  (await collect(pages)).flat().map(({ id }) => id);

describe('a list of pages', () => {
  test.each([
    ['a path', () => '/v1/catalog/products?page=2&pageSize=40'],
    ['an address', (host: string) => `https://${host}/v1/catalog/products?page=2&pageSize=40`],
    ['an address without TLS', (host: string) => `http://${host}/v1/catalog/products?page=2&pageSize=40`],
    ['an address without a scheme', (host: string) => `//${host}/v1/catalog/products?page=2&pageSize=40`],
    ['a query string', () => '?page=2&pageSize=40'],
  ])('is followed by %s, as given', async (_name, nextPage) => {
    const { billing, seen } = await stubBilling({ [PRODUCTS]: [pageAt('p1', nextPage), page('p2')] });
    expect(await ids(billing.products())).toEqual(['p1', 'p2']);
    expect(seen.at(-1)?.path).toBe('/v1/catalog/products?page=2&pageSize=40');
    expect(seen.at(-1)?.headers.authorization).toMatch(/^Bearer /);
  });

  test.each([null, '', undefined])('ends where the next page is %j', async (nextPage) => {
    const { billing } = await stubBilling({ [PRODUCTS]: page('p1', nextPage) });
    expect(await ids(billing.products())).toEqual(['p1']);
  });

  test('is read only as far as its reader goes', async () => {
    const { billing, to } = await stubBilling({ [PRODUCTS]: page('p1', '/v1/catalog/products?page=2') });
    for await (const products of billing.products()) {
      expect(products).toEqual([{ id: 'p1' }]);
      break;
    }
    expect(to('/v1/catalog/products')).toHaveLength(1);
  });

  test('goes on after an empty page', async () => {
    const empty = reply(200, { products: [], nextPage: '/v1/catalog/products?page=2' });
    const { billing } = await stubBilling({ [PRODUCTS]: [empty, page('p2')] });
    expect(await collect(billing.products())).toEqual([[{ id: 'p2' }]]);
  });

  test('fails with the page that fails', async () => {
    const { billing } = await stubBilling({
      [PRODUCTS]: [
        page('p1', '/v1/catalog/products?page=2'),
        reply(200, { success: false, reasons: [{ code: 50000061, message: 'later' }] }),
      ],
    });
    expect((await failure(collect(billing.products()))).code).toBe('BILLING_BUSY');
  });

  test.each([
    'https://elsewhere.example/v1/catalog/products?page=2',
    '//elsewhere.example/v1/catalog/products?page=2',
    '/\\elsewhere.example/v1/catalog/products?page=2',
    'https://127.0.0.1/v1/catalog/products?page=2',
    'https://rest.zuora.com@elsewhere.example/',
    'javascript:1',
  ])('never follows %s, which is another host', async (nextPage) => {
    const { billing, seen } = await stubBilling({ [PRODUCTS]: page('p1', nextPage) });
    const error = await failure(collect(billing.products()));
    expect(error).toMatchObject({
      code: 'BILLING_REPLY_UNEXPECTED',
      context: { path: '/v1/catalog/products?pageSize=40', zuoraRequestId: 'req-1' },
    });
    expect(error.message).toContain('another host');
    expect(seen).toHaveLength(2); // the sign-in and the first page
  });

  test.each([
    ['itself', '/v1/catalog/products?pageSize=40', 1],
    ['an earlier page', '/v1/catalog/products?page=2', 2],
  ])('that leads back to %s is an error and no endless read', async (_name, nextPage, pages) => {
    const { billing, to } = await stubBilling({ [PRODUCTS]: page('p1', nextPage) });
    const error = await failure(collect(billing.products()));
    expect(error.code).toBe('BILLING_REPLY_UNEXPECTED');
    expect(to('/v1/catalog/products')).toHaveLength(pages);
  });
});
