import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling, type Answer, type Seen } from '../rest/stub-server.ts';

const NO_DELETES = { errorCode: '90017', message: 'do not support the querying of deleted records' };

/**
 * A Billing that refuses jobs with an object in `without`; `answers` replaces the answer to a job of one object.
 * Every accepted job gets an id of its own, which `open` holds until it is cancelled.
 */
async function probed(
  without: readonly string[],
  answers: Readonly<Record<string, (job: () => object) => object>> = {},
  cancelling: (count: number) => number = () => 200,
) {
  const open = new Set<string>();
  const asked: string[][] = [];
  let most = 0;
  let cancels = 0;
  const submitted: Answer = (request, response) => {
    const names = queriesOf(request).map(({ name }) => name);
    asked.push(names);
    const accept = () => {
      const id = `J${asked.length}`;
      open.add(id);
      most = Math.max(most, open.size);
      return { id, status: 'submitted', batches: [{ batchId: 'B1', status: 'pending' }] };
    };
    const own = names.length === 1 ? answers[names[0] ?? ''] : undefined;
    const refused = names.some((name) => without.includes(name));
    reply(200, own?.(accept) ?? (refused ? NO_DELETES : accept()))(request, response);
  };
  const cancelled: Answer = (request, response) => {
    cancels += 1;
    const status = cancelling(cancels);
    if (status === 200) open.delete(request.path.split('/').at(-1) ?? '');
    reply(status, {})(request, response);
  };
  const jobs = Array.from({ length: 120 }, (_, index) => [
    `DELETE /v1/batch-query/jobs/J${index}`,
    cancelled,
  ]);
  const stub = await stubBilling({ 'POST /v1/batch-query/': submitted, ...Object.fromEntries(jobs) });
  return { ...stub, asked, open, most: () => most };
}
const queriesOf = (request: Seen): { name: string; query: string; deleted: unknown }[] =>
  JSON.parse(request.body).queries;

describe('which objects tell their deleted rows', () => {
  test('is asked in one job, which is cancelled at once', async () => {
    const { billing, to, asked, open } = await probed([]);
    expect(await billing.deletesOf(['Account', 'InvoiceItem', 'Account'])).toEqual(
      new Set(['Account', 'InvoiceItem']),
    );
    expect(asked).toEqual([['Account', 'InvoiceItem']]);
    expect(open).toEqual(new Set());
    const [request] = to('/v1/batch-query/');
    expect(request && queriesOf(request)[0]).toEqual({
      name: 'Account',
      query: 'select * from Account limit 1',
      type: 'zoqlexport',
      deleted: { column: 'RevsyncDeleted', format: 'Boolean', forceExport: true },
    });
  });

  test('is asked in jobs of 50', async () => {
    const objects = Array.from({ length: 101 }, (_, index) => `Object${index}`);
    const { billing, asked, open } = await probed([]);
    expect((await billing.deletesOf(objects)).size).toBe(101);
    expect(asked.map(({ length }) => length)).toEqual([50, 50, 1]);
    expect(open.size).toBe(0);
  });

  test('is asked one by one, three at a time, where not all do', async () => {
    const objects = ['AccountingCode', 'Account', 'Order', 'AccountingPeriod', 'Invoice', 'InvoiceItem'];
    const { billing, asked, open, most } = await probed(['AccountingCode', 'AccountingPeriod']);
    expect(await billing.deletesOf(objects)).toEqual(new Set(['Account', 'Order', 'Invoice', 'InvoiceItem']));
    expect(asked).toHaveLength(1 + objects.length);
    expect(open.size).toBe(0);
    expect(most()).toBeLessThanOrEqual(3);
  });

  test('is not asked again of the one object that does not', async () => {
    const { billing, asked } = await probed(['AccountingCode']);
    expect(await billing.deletesOf(['AccountingCode'])).toEqual(new Set());
    expect(asked).toHaveLength(1);
  });

  test('is none at all where stateless exports have none', async () => {
    const { billing, to } = await stubBilling({
      'POST /v1/batch-query/': reply(200, { errorCode: 90012, message: 'Stateless AQuA does not' }),
    });
    const objects = Array.from({ length: 60 }, (_, index) => `Object${index}`);
    expect(await billing.deletesOf(objects)).toEqual(new Set());
    expect(to('/v1/batch-query/')).toHaveLength(1);
  });

  test('of no object needs no call', async () => {
    const { billing, seen } = await probed([]);
    expect(await billing.deletesOf([])).toEqual(new Set());
    expect(seen).toEqual([]);
  });

  test('fails with what else Billing says, after the jobs under way were cancelled', async () => {
    const objects = ['AccountingCode', 'Account', 'Broken', 'Order', 'Invoice', 'InvoiceItem', 'Product'];
    const broken = { errorCode: '90005', message: 'There is a syntax error' };
    const { billing, asked, open } = await probed(['AccountingCode'], { Broken: () => broken });
    const error = await failure(billing.deletesOf(objects));
    expect(error).toMatchObject({ code: 'BILLING_REQUEST_REFUSED', context: { zuoraCode: '90005' } });
    expect(open).toEqual(new Set());
    expect(asked.length).toBeLessThan(1 + objects.length);
  });

  test('leaves no job behind that Billing accepted and then refused by its query', async () => {
    const refusing = (accept: () => object) => ({ ...accept(), batches: [{ status: 'deleted_notallowed' }] });
    const { billing, open } = await probed([], { Order: refusing });
    expect(await billing.deletesOf(['Order'])).toEqual(new Set());
    expect(open).toEqual(new Set());
  });

  test('survives that a job cannot be cancelled at first', async () => {
    const { billing, open } = await probed([], {}, (count) => (count === 1 ? 503 : 200));
    expect(await billing.deletesOf(['Account'])).toEqual(new Set(['Account']));
    expect(open).toEqual(new Set());
  });

  test('survives that a job cannot be cancelled at all', async () => {
    const { billing, to } = await probed([], {}, () => 503);
    expect(await billing.deletesOf(['Account'])).toEqual(new Set(['Account']));
    expect(to('/v1/batch-query/jobs/J1')).toHaveLength(2);
  });

  test('is asked of names only', async () => {
    const { billing, seen } = await probed([]);
    const error = await failure(billing.deletesOf(["Account where Name = 'x'"]));
    expect(error.code).toBe('INVARIANT_BROKEN');
    expect(seen).toEqual([]);
  });
});
