import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { releaseHold } from '../../../src/store/holds/release.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import { defaultTemplates } from '../../../src/store/templates.ts';
import { transformType } from '../../../src/store/transform/transform-type.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedTemplate, rowsWith } from '../../support/dry-runs.ts';
import { linesOf, recollected, STOPPED } from '../../support/held-lines.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { run } from '../../support/server-database.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';
import { fileOf } from '../load/load-ground.ts';

const LATER = '2024-01-20T00:00:00Z';

describe('a row behind collected lines that changes', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const messages = async () => {
    const { rows } = await sql<{ message: string }>`
      select message from staging.hold where org = ${org} order by line collate "C"`.execute(database.db);
    return rows.map(({ message }) => message);
  };
  const findings = async (type = '') =>
    (await listFindings(database.db, { org, open: true })).flatMap(({ line }) =>
      line?.startsWith(type) === true ? [line] : [],
    );
  const messageOf = async (line: string) =>
    (await listFindings(database.db, { org, line, open: true })).map(({ message }) => message).join();
  const decision = (line: string) => ({
    org,
    lines: [line],
    reason: 'Agreed.',
    by: 'ann',
    request: randomUUID(),
  });

  const price = (amount: string, at = LATER) =>
    changedRow('ChargeContractualValueAllCharges', 'ccv1', { Amount: amount, UpdatedDate: at });

  test('in a guarded field stops the line in a second form, which names the fields, old and new', async () => {
    await sync(sampleTenant());
    await collect();
    const { balance } = await sync(price('1300.00'));
    expect(balance.balanced).toBe(true);
    expect(await lines().statuses()).toEqual([
      'INV:item1 collected',
      'INV:item2 collected',
      'SO:orig.1@1 collected',
      `${STOPPED} stopped`,
    ]);
    expect(await messages()).toEqual([
      'RatePlanCharge rpc1 came again in the same subscription version with other values: Ext Sell Price (was 1200, is 1300).',
    ]);
    expect(await findings()).toEqual([]);
    await collect();
    expect(await lines().bookings()).toMatchObject([{ line: 'SO:orig.1@1', amount: '1200' }]);
    await sync(price('1200.00', '2024-01-21T00:00:00Z'));
    expect(await lines().statuses()).toHaveLength(3);
    expect(await messages()).toEqual([]);
  });

  test('in guarded and in other fields is stopped once, and no finding', async () => {
    await sync(sampleTenant());
    await collect();
    await sync({
      ...price('1300.00'),
      ...changedRow('RatePlan', 'rp1', { Name: 'Silver', UpdatedDate: LATER }),
    });
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    expect(await findings('SO:')).toEqual([]);
    await sync(price('1200.00', '2024-01-21T00:00:00Z'));
    expect(await lines().holds()).toEqual([]);
    expect(await findings('SO:')).toEqual(['SO:orig.1@1']);
  });

  test('that billings copy a guarded field from stops the booking, and is found of the billings', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(changedRow('Subscription', 'sub1', { SubscriptionEndDate: '2025-02-01', UpdatedDate: LATER }));
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    expect((await findings()).toSorted()).toEqual(['INV:item1', 'INV:item2']);
  });

  test('is found however far behind, and by every key that leads to it', async () => {
    await sync(sampleTenant());
    await collect();
    for (const [object, id, change] of [
      ['Product', 'prod', { Id: 'prod' }],
      ['AccountingCode', 'code-ContractLiability', { Name: 'Other code' }],
      ['Account', 'owner', { Name: 'Other payer' }],
      ['Invoice', 'inv1', { InvoiceNumber: 'INV-2' }],
    ] as const) {
      await sync(changedRow(object, id, { ...change, UpdatedDate: LATER }));
    }
    const { rows } = await sql<{ found: string }>`
      select f.line || ' ' || string_agg(c ->> 'from', ', ') as found
      from staging.finding as f, jsonb_array_elements(f.detail -> 'changes') as c
      where f.org = ${org} and f.resolved_at is null group by f.line order by 1`.execute(database.db);
    expect(rows.map(({ found }) => found)).toEqual([
      'INV:item1 Subscription.InvoiceOwner.Name, ProductRatePlanCharge.ContractLiabilityAccountingCode.Name, Invoice.InvoiceNumber',
      'INV:item2 Subscription.InvoiceOwner.Name, ProductRatePlanCharge.ContractLiabilityAccountingCode.Name, Invoice.InvoiceNumber',
      'SO:orig.1@1 Subscription.InvoiceOwner.Name, ProductRatePlanCharge.ContractLiabilityAccountingCode.Name',
    ]);
  });

  test('may be a contact or a record of a custom object, also one that comes late', async () => {
    const table = 'default__project__c';
    const rows = rowsWith(
      'SO',
      { from: 'Account.BillToContact.City', to: 'ATR1', type: 'Character' },
      { from: `Account.Project__c.${table}.Region__c`, to: 'ATR2', type: 'Character' },
    );
    const record = (region: string) => (opened: { run: string; entity: string; org: string }) =>
      loadCustomRecords(database.pool, {
        ...opened,
        table,
        files: [fileOf(`${opened.run}-projects`, `id,region__c\np1,${region}`)],
        recordCount: '1',
        onBytes: () => undefined,
      });
    await keptDefault(database.db, changedTemplate('SO', org, { rows }));
    const keys = { BillToContactId: 'con', Project__c: 'p1' };
    await syncRows(database, withChanged(sampleTenant(), 'Account', 'acc', keys), {
      entity: org,
      org,
      beside: record('EMEA'),
    });
    await collect();
    await sync({ Contact: [{ Id: 'con', City: 'Ulm', UpdatedDate: LATER }] });
    expect(await messageOf('SO:orig.1@1')).toMatch(
      /: ATR1 \(Account.BillToContact.City\) was empty, is Ulm\.$/,
    );
    await syncRows(database, {}, { entity: org, org, beside: record('APAC') });
    expect(await messageOf('SO:orig.1@1')).toMatch(/; ATR2 \(.*Region__c\) was EMEA, is APAC\.$/);
  });

  test('may be the amount of a discount, its tier or the charge that it discounts', async () => {
    const tenant = sampleTenant();
    const [charge = {}] = tenant['RatePlanCharge'] ?? [];
    const discount = (id: string, model: string) => ({
      ...charge,
      Id: id,
      OriginalId: id,
      ChargeModel: model,
      Quantity: null,
    });
    const value = {
      Id: 'd1',
      DiscountRatePlanChargeId: 'percent',
      RatePlanChargeId: 'rpc1',
      Amount: '120.00',
    };
    const tier = { Id: 't1', RatePlanChargeId: 'fixed', Tier: '1', DiscountAmount: '5.00' };
    await sync({
      ...tenant,
      RatePlanCharge: [
        charge,
        discount('percent', 'Discount-Percentage'),
        discount('fixed', 'Discount-Fixed Amount'),
      ],
      DiscountContractualValues: [value],
      RatePlanChargeTier: [tier],
    });
    // As it was before bookings of fixed amounts were stopped.
    const line = `entity = '${org}' and id = 'SO:fixed.1@1'`;
    await run(database.url, `update staging.line set withheld = null where ${line}`);
    await run(database.url, `update staging.line_state set status = 'ready' where ${line}`);
    await collect();
    const stopped = async (rows: Rows) => {
      await sync(rows);
      return lines().holds();
    };
    expect(
      await stopped({ DiscountContractualValues: [{ ...value, Amount: '130.00', UpdatedDate: LATER }] }),
    ).toEqual(['SO:orig.1.percent.1@1#2 same-version-recollection']);
    expect(
      await stopped({ RatePlanChargeTier: [{ ...tier, DiscountAmount: '6.00', UpdatedDate: LATER }] }),
    ).toEqual([
      'SO:fixed.1@1#2 same-version-recollection',
      'SO:orig.1.percent.1@1#2 same-version-recollection',
    ]);
    await sync({ DiscountContractualValues: [{ ...value, UpdatedDate: '2024-01-21T00:00:00Z' }] });
    expect(
      await stopped(
        changedRow('RatePlanCharge', 'rpc1', { EffectiveEndDate: '2024-12-01', UpdatedDate: LATER }),
      ),
    ).toEqual([
      'SO:fixed.1@1#2 same-version-recollection',
      'SO:orig.1.percent.1@1#2 same-version-recollection',
      'SO:orig.1@1#2 same-version-recollection',
    ]);
  });

  test('leads to no line where only balances and dates were touched', async () => {
    await sync(sampleTenant());
    await collect();
    const touched = {
      ...changedRow('Account', 'acc', { Balance: '7.00', UpdatedDate: LATER }),
      ...changedRow('Invoice', 'inv1', { Balance: '0.00', UpdatedDate: LATER }),
      ...changedRow('RatePlan', 'rp1', { UpdatedDate: LATER }),
    };
    const { run } = await syncRows(database, touched, { entity: org, org, complete: false });
    for (const template of await defaultTemplates(database.db, org)) {
      expect(await transformType(database.db, { run, entity: org, org, template })).toMatchObject({
        drivers: '0',
      });
    }
  });

  test('only behind a version that a newer one replaced is nothing, also what was found before', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(changedRow('RatePlan', 'rp1', { Name: 'Brass', UpdatedDate: '2024-01-19T00:00:00Z' }));
    expect(await findings('SO:')).toEqual(['SO:orig.1@1']);
    const next = { Id: 'sub2', Version: '2', PreviousSubscriptionId: 'sub1' };
    const keys = { Id: 'rpc2', SubscriptionId: 'sub2', Version: '2', RatePlanId: 'rp2' };
    await sync({
      ...changedRow('Subscription', 'sub1', next),
      ...changedRow('RatePlan', 'rp1', { Id: 'rp2', SubscriptionId: 'sub2' }),
      ...changedRow('RatePlanCharge', 'rpc1', keys),
      ...changedRow('ChargeContractualValueAllCharges', 'ccv1', { Id: 'ccv2', RatePlanChargeId: 'rpc2' }),
    });
    await collect();
    await sync(changedRow('RatePlan', 'rp1', { Name: 'Silver', UpdatedDate: LATER }));
    expect(await findings('SO:')).toEqual([]);
    await sync(
      changedRow('RatePlan', 'rp1', {
        Id: 'rp2',
        SubscriptionId: 'sub2',
        Name: 'Silver',
        UpdatedDate: LATER,
      }),
    );
    expect(await findings('SO:')).toEqual(['SO:orig.1@2']);
  });

  describe('after a person took over a form of it', () => {
    const THIRD = 'SO:orig.1@1#3';
    const taken = async () => {
      await sync(sampleTenant());
      await collect();
      await sync(recollected());
      await releaseHold(database.db, { ...decision(STOPPED), as: 'correction' });
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: STOPPED, amount: '1800' }]);
    };

    test('stops a third one, also with the values of the first', async () => {
      for (const amount of ['2400.00', '1200.00']) {
        org = `${org}-${amount}`;
        await taken();
        await sync(recollected('3', amount, '2024-02-03T00:00:00Z'));
        expect(await lines().holds()).toEqual([`${THIRD} same-version-recollection`]);
        await releaseHold(database.db, { ...decision(THIRD), as: 'amendment' });
        await collect();
        expect(await lines().bookings()).toMatchObject([{ line: THIRD, amount: amount.slice(0, 4) }]);
        await sync(recollected('3', amount, '2024-02-04T00:00:00Z'));
        expect(await lines().holds()).toEqual([]);
      }
    });

    test('stops none while it says what was taken over', async () => {
      await taken();
      await sync(recollected('3', '1800.00', '2024-02-03T00:00:00Z'));
      expect((await lines().statuses()).filter((each) => each.startsWith('SO:'))).toEqual([
        'SO:orig.1@1 collected',
        `${STOPPED} collected`,
      ]);
    });

    test('stops the next form of a billing, too', async () => {
      const item = (amount: string, day: string) =>
        changedRow('InvoiceItem', 'item1', { ChargeAmount: amount, UpdatedDate: `2024-02-${day}T00:00:00Z` });
      await sync(sampleTenant());
      await collect();
      await sync(item('130.00', '01'));
      await releaseHold(database.db, { ...decision('INV:item1#2'), as: 'correction' });
      await collect();
      await sync(item('130.00', '02'));
      expect(await lines().holds()).toEqual([]);
      await sync(item('100.00', '03'));
      expect(await lines().holds()).toEqual(['INV:item1#3 same-version-recollection']);
    });
  });

  test('of a form that was rejected is nothing while it says the same, and stopped with other values', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(recollected());
    await rejectHold(database.db, decision(STOPPED));
    await sync(recollected('3', '1800.00', '2024-02-03T00:00:00Z'));
    expect(await lines().statuses()).toContain(`${STOPPED} rejected`);
    expect(await lines().holds()).toEqual([]);
    await sync(recollected('3', '2400.00', '2024-02-04T00:00:00Z'));
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    await sync(recollected('2', '1200.00', '2024-02-05T00:00:00Z'));
    expect(await lines().statuses()).toHaveLength(3);
  });
});
