import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import type { Tenant } from '../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import {
  type ActivityGround,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
  synced,
} from '../support/activities.ts';

/** Billing has no rates of the days before this one. */
const FIRST = '2024-11-01';

const whole = generateTenant(parseTenantSpec('items=60,seed=7,currencies=USD+EUR'));

/** Its table of rates is in no export. */
const tenant: Tenant = {
  ...whole,
  objects: smallTenant().objects,
  dataQueryOnly: [...whole.dataQueryOnly, 'ExchangeRate'],
};

describe('a rate that is entered in Billing long after its day', () => {
  let ground: ActivityGround;
  beforeAll(async () => {
    ground = await openActivityGround(tenant);
    const early: string[] = [];
    for await (const { Id: id, RateDate: day } of whole.rows('ExchangeRate')) {
      if (id != null && day != null && day < FIRST) early.push(id);
    }
    await ground.sandbox('changes', { object: 'ExchangeRate', deletedIds: early });
  });
  afterAll(() => ground.close());

  /** Lines that wait for a rate, by what their holds say. */
  const waiting = async (): Promise<string[]> => {
    const rows = await ground.database.db
      .selectFrom('staging.hold')
      .select('message')
      .where('limitation', '=', 'missing-exchange-rate')
      .execute();
    return rows.map(({ message }) => message);
  };
  const statuses = async (): Promise<string[]> => {
    const rows = await ground.database.db.selectFrom('staging.line_state').select('status').execute();
    return [...new Set(rows.map(({ status }) => status))];
  };
  /** What a scheduled run does. */
  const readRates = async (): Promise<string | undefined> => {
    const run = runFor(ground, newOwner('exchange-rate-sync/demo'));
    const { parts } = await run('planRateSync', { entity: 'demo' });
    for (const part of parts) await run('readRates', part);
    await run('moveRateMarks', parts);
    return parts[0]?.span.from;
  };

  test('is read by the next run while a line waits for it, and the line goes on by itself', async () => {
    await synced(ground);
    const atFirst = await waiting();
    await readRates();
    await synced(ground);
    const lacking = await waiting();
    expect(lacking.length).toBeGreaterThan(0);
    expect(lacking.length).toBeLessThan(atFirst.length);
    const days = lacking.map((message) => / on (\S+)\.$/.exec(message)?.[1] ?? '').toSorted();
    expect(days.at(-1)?.localeCompare(FIRST)).toBe(-1);

    await ground.sandbox('changes', {
      object: 'ExchangeRate',
      rows: [{ Id: 'late', FromCurrency: 'EUR', ToCurrency: 'USD', RateDate: days[0], Rate: '1.1' }],
    });
    await readRates();
    await synced(ground);
    expect(await waiting()).toEqual([]);
    expect(await statuses()).toEqual(['ready']);
    expect(await readRates()).toBe('2025-07-20');
  });
});
