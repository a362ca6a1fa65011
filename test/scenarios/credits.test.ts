import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Balance, readBalance } from '../../src/store/balance/read-balance.ts';
import { type ActivityGround, openActivityGround, synced } from '../support/activities.ts';
import { collectOrg } from '../support/sync-rows.ts';

/** How the lines of corrections have to come out: by source, type and sign, with what they refer to. */
const WITH_MEMOS = [
  'CreditMemoItem CM - invoice',
  'CreditMemoItem CM - booking',
  'CreditMemoItem INV - generated',
  'CreditMemoItem SO - generated',
  'DebitMemoItem INV +',
];
const WITH_ADJUSTMENTS = ['InvoiceItemAdjustment CM-C - invoice', 'InvoiceItemAdjustment INV +'];

describe.each([
  ['with Invoice Settlement', 'items=600,seed=3,settlement=on', WITH_MEMOS],
  ['without Invoice Settlement', 'items=600,seed=3', WITH_ADJUSTMENTS],
])('the credits of a tenant %s', (_what, spec, kinds) => {
  let ground: ActivityGround;
  let balance: Balance | undefined;
  beforeAll(async () => {
    ground = await openActivityGround(spec);
    ground.world.openPeriod = '2026-12';
    const { run } = await synced(ground);
    balance = await readBalance(ground.database.db, run);
    await collectOrg(ground.database);
  });
  afterAll(() => ground.close());
  const all = async <Row>(query: ReturnType<typeof sql<Row>>) =>
    (await query.execute(ground.database.db)).rows;

  test('balance, in counts and amounts, and none is off', () => {
    expect(balance?.balanced).toBe(true);
    const corrections = balance?.rows.filter(({ object }) => /Memo(Item)$|Adjustment$/.test(object)) ?? [];
    expect(corrections.length).toBeGreaterThan(1);
    expect(corrections.every(({ staged, extracted }) => staged === extracted)).toBe(true);
  });

  test('come out as their sources say, each with one reference', async () => {
    const lines = await all(sql<{ kind: string }>`
      select distinct concat_ws(' ', source_object, type, case when ext_sell_price < 0 then '-' else '+' end,
        case when original_invoice_line_id is not null then 'invoice' end,
        case when original_so_line_id is not null then 'booking' end,
        case when starts_with(so_line_id, 'REVSYNC-') then 'generated' end) as kind
      from staging.line
      where source_object not in ('RatePlanCharge', 'InvoiceItem') and ext_sell_price <> 0`);
    expect(lines.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  });

  test('are collected, all of them, with what they credit', async () => {
    expect(await all(sql`select * from staging.hold`)).toEqual([]);
    expect(await all(sql`select * from staging.line_state where status <> 'superseded'`)).toEqual([]);
  });

  test('make what is billed what Billing says: invoices, less credits, plus charges', async () => {
    const [billing] = await all(sql<{ amount: string }>`
      select trim_scale(sum(amount))::text as amount from (
        select i.charge_amount as amount from prestaging.invoice_item as i
          join prestaging.invoice as v on v.entity = i.entity and v.id = i.invoice_id and v.status = 'Posted'
        union all select -amount_without_tax from prestaging.credit_memo_item
        union all select amount_without_tax from prestaging.debit_memo_item
        union all select case type when 'Credit' then -amount else amount end from prestaging.invoice_item_adjustment
      ) as billed`);
    const [revenue] = await all(sql<{ amount: string }>`
      select trim_scale(sum(amount))::text as amount from revenue.line where type <> 'SO'`);
    expect(Number(billing?.amount)).toBeGreaterThan(0);
    expect(revenue).toEqual(billing);
  });
});
