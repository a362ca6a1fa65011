import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { Contract } from '../../src/store/contracts.ts';
import type { ShownContract } from '../../src/store/contracts/show-contract.ts';
import type { Digest } from '../../src/store/digest.ts';
import type { Line } from '../../src/store/lines/read-lines.ts';
import {
  openTerminal,
  type Staying,
  tellSandbox,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';
import { extractedRows } from './database-rows.ts';

type Rows = Record<string, string>[];

describe('syncing the same tenant again', () => {
  let terminal: Terminal;
  let up: Staying<UpDocument>;

  const sync = () => terminal.json<SyncReport>(['sync', 'run']);
  const lines = () => terminal.json<Line[]>(['line', 'list']);
  const contracts = () => terminal.json<Contract[]>(['contract', 'list']);
  const linesOf = (subscription: string) =>
    terminal.json<Line[]>(['line', 'list', '--subscription', subscription]);
  const contractOf = async (subscription: string): Promise<ShownContract> => {
    const [found] = await terminal.json<Contract[]>(['contract', 'list', '--subscription', subscription]);
    return terminal.json<ShownContract>(['contract', 'show', found?.id ?? '']);
  };
  const change = (object: string, rows: Rows) =>
    tellSandbox(up.document.billing, 'changes', { object, rows });
  const extracted = (object: string, where: string, ...values: string[]) =>
    extractedRows(up.document.database, object, where, values);

  beforeAll(async () => {
    terminal = await openTerminal();
    up = await terminal.start<UpDocument>(['up']);
    const { outcome, balance } = await sync();
    expect({ outcome, balanced: balance?.balanced }).toEqual({ outcome: 'completed', balanced: true });
  });
  afterAll(() => terminal.close());

  test('writes no second line and no second contract', async () => {
    const read = () => Promise.all([lines(), contracts(), terminal.json<Digest>(['digest'])] as const);
    const before = await read();
    expect(before[0].length).toBeGreaterThan(1000);
    const { outcome, balance, collection } = await sync();
    expect(outcome).toBe('nothing-to-do');
    expect(balance?.balanced).toBe(true);
    expect(collection).toMatchObject({ collected: 0, contracts: 0 });
    expect(await read()).toEqual(before);
  });

  test('a draft invoice that is posted becomes lines, though its items did not change', async () => {
    const [draft] = await extracted(
      'InvoiceItem',
      `invoice_id in (select id from prestaging.invoice where status = 'Draft') and processing_type in ('0', 'Charge')`,
    );
    const items = await extracted('InvoiceItem', 'invoice_id = $1', String(draft?.['InvoiceId']));
    const ids = items.map(({ Id }) => `INV:${Id}`);
    const known = new Set((await lines()).map(({ id }) => id));
    expect(ids.filter((id) => known.has(id))).toEqual([]);

    await change('Invoice', [{ Id: String(draft?.['InvoiceId']), Status: 'Posted' }]);
    const { outcome, balance } = await sync();
    expect({ outcome, balanced: balance?.balanced }).toEqual({ outcome: 'completed', balanced: true });
    const after = await lines();
    expect(after.filter(({ id }) => ids.includes(id)).map(({ status }) => status)).toEqual(
      ids.map(() => 'collected'),
    );
  });

  test('a new version of a subscription becomes a new version of its contract', async () => {
    const [old] = await extracted(
      'Subscription',
      `version = 1 and status = 'Active' and term_type = 'TERMED' and not exists (
         select from prestaging.subscription as s where s.name = t.name and s.version > 1)
       and (select count(*) from prestaging.rate_plan_charge as c where c.subscription_id = t.id
         and c.charge_model not like 'Discount%' and c.charge_type = 'Recurring') = 1
       and (select count(*) from prestaging.rate_plan_charge as c where c.subscription_id = t.id) = 1`,
    );
    const subscription = String(old?.['Name']);
    const [plan = {}] = await extracted('RatePlan', 'subscription_id = $1', String(old?.['Id']));
    const [charge = {}] = await extracted('RatePlanCharge', 'subscription_id = $1', String(old?.['Id']));
    const chargeId = String(charge['Id']);
    const [price = {}] = await extracted('ChargeContractualValueAllCharges', 'id = $1', chargeId);
    const before = await contractOf(subscription);
    const amount = new Decimal(before.bookings).times(2).toFixed(2);
    const { UpdatedDate: _then, ...unchanged } = old ?? {};

    await change('Subscription', [
      { ...unchanged, Id: 'sub-v2', Version: '2', PreviousSubscriptionId: String(old?.['Id']) },
      { Id: String(old?.['Id']), Status: 'Expired' },
    ]);
    await change('RatePlan', [{ ...fresh(plan), Id: 'plan-v2', SubscriptionId: 'sub-v2' }]);
    await change('RatePlanCharge', [
      {
        ...fresh(charge),
        Id: 'charge-v2',
        SubscriptionId: 'sub-v2',
        RatePlanId: 'plan-v2',
        Version: '2',
        Quantity: new Decimal(charge['Quantity'] ?? 1).times(2).toString(),
      },
    ]);
    await change('ChargeContractualValueAllCharges', [
      { ...fresh(price), Id: 'price-v2', RatePlanChargeId: 'charge-v2', Amount: amount, Elp: amount },
    ]);

    expect((await sync()).outcome).toBe('completed');
    const after = await contractOf(subscription);
    expect(after).toMatchObject({ id: before.id, version: 2, bookings: amount, billings: before.billings });
    expect(after.obligations).toBe(before.obligations);
    const booked = (await linesOf(subscription)).filter(({ type }) => type === 'SO');
    expect(booked.map(({ id }) => id.replace(/^.*@/, '')).toSorted()).toEqual(['1', '2']);
    expect(booked.map(({ status }) => status)).toEqual(['collected', 'collected']);
  });

  test('reads what fell into the overlap of two windows again, and counts it as unchanged', async () => {
    const { outcome, balance } = await sync();
    expect(outcome).toBe('nothing-to-do');
    const counted = balance?.rows.find(({ object, measure }) => object === 'Invoice' && measure === 'count');
    expect(counted).toMatchObject({ extracted: '1', unchanged: '1' });
  });
});

function fresh({ UpdatedDate: _then, ...row }: Record<string, string>): Record<string, string> {
  return row;
}
