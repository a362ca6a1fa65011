import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { digest } from '../../../src/store/digest.ts';
import { type Finding, listFindings } from '../../../src/store/list-findings.ts';
import { defaultTemplates } from '../../../src/store/templates.ts';
import { transformType } from '../../../src/store/transform/transform-type.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('recordDeletions', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (...rows: Rows[]) =>
    syncRows(database, Object.assign({}, ...rows) as Rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const findings = (open = true) => listFindings(database.db, { org, open });
  const found = async () => (await findings()).map(shortly).toSorted();
  const shortly = ({ object, source, line, amount, currency, message }: Finding) =>
    `${object} ${source}: ${line} ${amount} ${currency}${message.includes('collected; the line stays') ? ', collected' : ''}`;

  const deleted = (object: string, id: string) => changedRow(object, id, { Deleted: 'true' });
  const returned = (object: string, id: string) =>
    changedRow(object, id, { Deleted: null, UpdatedDate: '2024-01-21T00:00:00Z' });

  test('nothing is found while nothing is deleted', async () => {
    await sync(sampleTenant());
    await collect();
    expect(await findings(false)).toEqual([]);
  });

  test('says of a superseded line which row went, and the amount', async () => {
    await sync(sampleTenant());
    await sync(deleted('InvoiceItem', 'item1'));
    expect(await findings()).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        finding: 'deleted-in-billing',
        entity: org,
        org,
        object: 'InvoiceItem',
        source: 'item1',
        line: 'INV:item1',
        amount: '100.00',
        currency: 'USD',
        message:
          'InvoiceItem item1 was deleted in Billing before its line INV:item1 was collected; the line is superseded.',
        remedy: expect.stringMatching(/\.$/),
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        resolved: null,
      },
    ]);
  });

  test('says of a collected line that it stays, and in which contract', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(deleted('RatePlanCharge', 'rpc1'));
    const booking = (await findings()).find(({ line }) => line === 'SO:orig.1@1');
    expect(booking?.message).toBe(
      'RatePlanCharge rpc1 was deleted in Billing after its line SO:orig.1@1 was collected; the line stays collected.',
    );
    expect(booking).toMatchObject({ amount: '1200.00', currency: 'USD' });
    const { rows } = await sql`
      select f.detail, c.id from staging.finding as f join revenue.contract as c on c.org = f.org
      where f.org = ${org} and f.line = 'SO:orig.1@1'`.execute(database.db);
    const [row] = rows as { detail: unknown; id: string }[];
    expect(row?.detail).toEqual({ case: 'collected', contract: row?.id });
  });

  test('a row that was deleted before it formed a line is no finding', async () => {
    const { InvoiceItem: items = [], ...rest } = sampleTenant();
    await sync(rest, {
      InvoiceItem: [...items.slice(1), ...(deleted('InvoiceItem', 'item1')['InvoiceItem'] ?? [])],
    });
    expect(await findings(false)).toEqual([]);
  });

  describe('a deleted row that lines need beside their own', () => {
    const behind = ['Invoice inv1: INV:item1 100.00 USD', 'Invoice inv1: INV:item2 100.00 USD'];

    test('is found with every line that stands on it; uncollected ones are held until it is back', async () => {
      await sync(sampleTenant());
      await sync(deleted('Invoice', 'inv1'));
      expect(await found()).toEqual(behind);
      const { rows: holds } = await sql<{ hold: string }>`
        select line || ': ' || message as hold from staging.hold where org = ${org} order by line`.execute(
        database.db,
      );
      expect(holds.map(({ hold }) => hold)).toEqual([
        'INV:item1: InvoiceItem item1 needs Invoice inv1, which was deleted in Billing.',
        'INV:item2: InvoiceItem item2 needs Invoice inv1, which was deleted in Billing.',
      ]);
      expect(await collect()).toMatchObject({ collected: '1', stopped: '2' });

      await sync(returned('Invoice', 'inv1'));
      expect(await found()).toEqual([]);
      expect(await collect()).toMatchObject({ collected: '2', stopped: '0' });
    });

    test('is found though its lines are collected, which stay', async () => {
      await sync(sampleTenant());
      await collect();
      await sync(deleted('Invoice', 'inv1'));
      expect(await found()).toEqual(behind);
      expect(await collect()).toMatchObject({ lines: '0', stopped: '0' });
      await sync(returned('Invoice', 'inv1'));
      expect(await found()).toEqual([]);
    });

    test('is found by all ways that lead to it, each line once', async () => {
      await sync(sampleTenant());
      await sync(deleted('Subscription', 'sub1'));
      expect(await found()).toEqual([
        'Subscription sub1: INV:item1 100.00 USD',
        'Subscription sub1: INV:item2 100.00 USD',
        'Subscription sub1: SO:orig.1@1 1200.00 USD',
      ]);
    });

    test('is found by lines that form after it went', async () => {
      const { InvoiceItem: items = [], ...rest } = sampleTenant();
      await sync(rest, deleted('Invoice', 'inv1'));
      expect(await found()).toEqual([]);
      await sync({ InvoiceItem: items });
      expect(await found()).toEqual(behind);
    });

    test('is not found by a line whose own row went, too, in whatever order', async () => {
      const expected = ['Invoice inv1: INV:item2 100.00 USD', 'InvoiceItem item1: INV:item1 100.00 USD'];
      const steps = [deleted('Invoice', 'inv1'), deleted('InvoiceItem', 'item1')];
      for (const order of [[{ ...steps[0], ...steps[1] }], steps, steps.toReversed()]) {
        org = `org-${(orgs += 1)}`;
        await sync(sampleTenant());
        for (const step of order) await sync(step);
        expect(await found()).toEqual(expected);
      }
    });

    test('is found no more by a line that stands on another row now', async () => {
      await sync(sampleTenant());
      await sync(deleted('Invoice', 'inv1'));
      await sync(
        changedRow('Invoice', 'inv1', { Id: 'inv2' }),
        changedRow('InvoiceItem', 'item1', { InvoiceId: 'inv2' }),
      );
      expect(await found()).toEqual(behind.slice(1));
    });

    test('is not found where a line only copied a value of the product catalog', async () => {
      await sync(sampleTenant());
      await sync(deleted('Product', 'prod'), deleted('ProductRatePlanCharge', 'prpc'));
      expect(await found()).toEqual([]);
      expect(await collect()).toMatchObject({ collected: '3' });
    });
  });

  test('a charge that goes concerns its booking, and the invoices that were billed for it', async () => {
    await sync(sampleTenant());
    await sync(deleted('RatePlanCharge', 'rpc1'));
    expect(await found()).toEqual([
      'RatePlanCharge rpc1: INV:item1 100.00 USD',
      'RatePlanCharge rpc1: INV:item2 100.00 USD',
      'RatePlanCharge rpc1: SO:orig.1@1 1200.00 USD',
    ]);
  });

  describe('in time', () => {
    const one = async () => {
      const [finding, ...others] = await findings(false);
      expect(others).toEqual([]);
      return finding;
    };

    test('a finding stays as it is, since it was found, whatever is synced', async () => {
      await sync(sampleTenant());
      await sync(deleted('InvoiceItem', 'item1'));
      const before = await one();
      await sync(deleted('InvoiceItem', 'item1'));
      await sync(changedRow('InvoiceItem', 'item1', { Deleted: 'true', Quantity: '3' }));
      await sync(changedRow('Account', 'acc', { Name: 'Another' }));
      expect(await one()).toEqual(before);
    });

    test('is resolved when the row comes back, and open since then when it goes again', async () => {
      await sync(sampleTenant());
      await sync(deleted('InvoiceItem', 'item1'));
      const first = await one();
      await sync(returned('InvoiceItem', 'item1'));
      const resolved = await one();
      expect(resolved).toEqual({ ...first, resolved: expect.stringMatching(/Z$/) });
      await sync(
        changedRow('InvoiceItem', 'item1', { Deleted: 'true', UpdatedDate: '2024-01-22T00:00:00Z' }),
      );
      const again = await one();
      expect(again).toEqual({ ...first, since: again?.since });
      expect(again?.since.localeCompare(resolved?.resolved ?? '')).toBe(1);
    });

    test('an amount that changes while the row is gone changes with its line', async () => {
      await sync(sampleTenant());
      await sync(deleted('Invoice', 'inv1'));
      const before = (await findings()).find(({ line }) => line === 'INV:item1');
      await sync(changedRow('InvoiceItem', 'item1', { ChargeAmount: '80.00' }));
      const after = (await findings()).find(({ line }) => line === 'INV:item1');
      expect(after).toEqual({ ...before, amount: '80.00' });
    });

    test('the transform of a run may be repeated, and one type leaves the findings of another alone', async () => {
      await sync(sampleTenant());
      const { run } = await syncRows(database, deleted('InvoiceItem', 'item1'), {
        entity: org,
        org,
        complete: false,
      });
      const before = await findings(false);
      expect(before).toHaveLength(1);
      for (const template of await defaultTemplates(database.db, org))
        await transformType(database.db, { run, entity: org, org, template });
      expect(await findings(false)).toEqual(before);
    });

    test('counts in the digest while it is so, whenever it was found', async () => {
      const state = async () => (await digest(database.db)).tables['staging.finding'];
      const none = await state();
      await sync(sampleTenant());
      await sync(deleted('InvoiceItem', 'item1'));
      const some = await state();
      expect(some).not.toBe(none);
      await sync(returned('InvoiceItem', 'item1'));
      expect(await state()).toBe(none);
      await sync(
        changedRow('InvoiceItem', 'item1', { Deleted: 'true', UpdatedDate: '2024-01-22T00:00:00Z' }),
      );
      expect(await state()).toBe(some);
    });

    test('a finding about a line that another charge took over is resolved', async () => {
      await sync(sampleTenant());
      await sync(deleted('RatePlanCharge', 'rpc1'));
      const price = changedRow('ChargeContractualValueAllCharges', 'ccv1', {
        Id: 'ccvb',
        RatePlanChargeId: 'rpc1b',
      });
      await sync(changedRow('RatePlanCharge', 'rpc1', { Id: 'rpc1b' }), price);
      expect((await findings()).filter(({ line }) => line === 'SO:orig.1@1')).toEqual([]);
    });
  });
});
