import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { collect } from '../billing/rest/collect.ts';
import { reply, stubBilling, type Answer } from '../billing/rest/stub-server.ts';

/** Licensed replies of a real tenant: they lie beside the project, never in it. */
const FILE = join(
  import.meta.dirname,

  '..',
  '..',
  '..',
  'shared',
  'data',
  'zuora-settings-replies',
  'mock_replies.json',
);
const THERE = existsSync(FILE);

interface Recorded {
  readonly url: string;
  readonly queryParams?: Readonly<Record<string, string>>;
  readonly response: Readonly<Record<string, readonly unknown[] | undefined>>;
}
const recorded: readonly Recorded[] = THERE ? JSON.parse(readFileSync(FILE, 'utf8')) : [];
const responseOf = (url: string) => recorded.find((each) => each.url === url)?.response;
const answer = (body: unknown): Answer =>
  reply(200, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json;charset=UTF-8' });

/** What the adapter makes of numbers, and of nothing else. */
function exact(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(exact);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, exact(part)]));
}

if (!THERE) console.warn('skipped: the recorded replies of a tenant do not lie beside the project');

describe.skipIf(!THERE)('the recorded replies of a tenant', () => {
  const settings = recorded
    .filter(({ url }) => url.startsWith('/settings/') && url !== '/settings/listing')
    .map(({ url, response }) => ({
      key: url.slice('/settings/'.length).replace('{namespace}', 'default'),
      response,
    }));

  test('have 38 settings, two of them below a namespace', () => {
    expect(settings).toHaveLength(38);
    expect(settings.filter(({ key }) => key.includes('/'))).toHaveLength(2);
  });

  test.each(settings)('the setting $key comes back unchanged', async ({ key, response }) => {
    const { billing } = await stubBilling({ [`GET /settings/${key}`]: answer(response) });
    expect(await billing.setting(key)).toEqual(exact(response));
  });

  test('all 108 settings of the listing come back unchanged', async () => {
    const { billing } = await stubBilling({
      'GET /settings/listing': answer(responseOf('/settings/listing')),
    });
    const listed = await billing.settings();
    expect(listed).toHaveLength(108);
    expect(listed).toEqual(exact(responseOf('/settings/listing')?.['settings']));
  });

  test('all 38 accounting codes come back unchanged', async () => {
    const { billing } = await stubBilling({
      'GET /v1/accounting-codes': answer(responseOf('/v1/accounting-codes')),
    });
    const codes = await billing.accountingCodes();
    expect(codes).toHaveLength(38);
    expect(codes).toEqual(exact(responseOf('/v1/accounting-codes')?.['accountingCodes']));
  });

  test('all 73 accounting periods come back unchanged', async () => {
    const { billing } = await stubBilling({
      'GET /v1/accounting-periods': answer(responseOf('/v1/accounting-periods')),
    });
    const periods = await billing.accountingPeriods();
    expect(periods).toHaveLength(73);
    expect(periods).toEqual(exact(responseOf('/v1/accounting-periods')?.['accountingPeriods']));
  });

  test('all products of both pages come back unchanged', async () => {
    const pages = recorded.filter(({ url }) => url === '/v1/catalog/products');
    const served: Answer = (request, response) => {
      const asked = new URL(request.path, 'http://localhost').searchParams.get('page') ?? undefined;
      const page = pages.find(({ queryParams }) => queryParams?.['page'] === asked);
      answer(page?.response)(request, response);
    };
    const { billing, to } = await stubBilling({ 'GET /v1/catalog/products': served });
    const products = await collect(billing.products());
    expect(products.map(({ length }) => length)).toEqual([10, 1]);
    expect(products).toEqual(pages.map(({ response }) => exact(response['products'])));
    expect(to('/v1/catalog/products')).toHaveLength(2);
  });
});
