import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createStep09 } from '../../../activities/enablement/step-09-invoice-settlement.ts';
import type { InvoiceSettlementAnswer } from '../../../src/domain/enablement/step-09-invoice-settlement.ts';
import { recordBillingSettings } from '../../../src/store/settings/billing-settings.ts';
import { closeSwitch, openSwitch, switchOver } from '../../../src/store/settlement/switch-over.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { contextOf } from '../../support/enablement-runs.ts';
import { adjustment } from '../../support/rich-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

const AT = '2025-08-01T12:00:00Z';
const ADJUSTED: Rows = {
  ...sampleTenant(),
  InvoiceItemAdjustment: [
    adjustment({ AdjustmentDate: '2024-01-15' }),
    adjustment({ Id: 'adj2', AdjustmentNumber: 'IIA-2', AdjustmentDate: '2024-01-20' }),
  ],
};
const approved = { approve: true } as const;

describe('step 9 with a database', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());
  const step = () => createStep09({ db: database.db, tenant: { tenant: 'acme', tenantName: null } });
  const advance = (answer: InvoiceSettlementAnswer | null = null) => step().advance(contextOf(9, { answer }));
  /** What step 4 has read of Billing. */
  const feature = (on: boolean, entity = 'demo') =>
    recordBillingSettings(
      database.db,
      { entity, rules: [], features: [{ feature: 'Invoice Settlement', on, how: 'a test' }] },
      { by: 'a test', workflowRun: null },
    );
  /** Readiness loads rows, and completes no run. */
  const loaded = async (rows: Rows) => {
    await syncRows(database, rows, { complete: false });
    await database.db.updateTable('control.entity').set({ invoice_settlement: null }).execute();
  };

  test('does not apply to a tenant that never had adjustments', async () => {
    await loaded(sampleTenant());
    await feature(true);
    expect(await advance()).toMatchObject({
      kind: 'not-applicable',
      note: expect.stringContaining('there are no invoice item adjustments') as unknown,
    });
  });

  test('does not apply to a tenant whose adjustments are all deleted', async () => {
    await loaded(ADJUSTED);
    await feature(true);
    expect(await advance()).toMatchObject({ kind: 'ask' });
    await sql`update prestaging.invoice_item_adjustment set deleted = true`.execute(database.db);
    expect(await advance()).toMatchObject({ kind: 'not-applicable' });
  });

  test('does not apply to a tenant that still makes adjustments', async () => {
    await loaded(ADJUSTED);
    await feature(false);
    expect(await advance()).toMatchObject({
      kind: 'not-applicable',
      note: expect.stringContaining('is off in Billing') as unknown,
      evidence: { entities: [{ entity: 'demo', on: false, lastAdjustment: '2024-01-20' }] },
    });
  });

  test('keeps a day for a tenant that was not synced yet', async () => {
    await loaded(ADJUSTED);
    await feature(true);
    const answer = { approve: true, switchDate: '2024-01-21' } as const;
    expect(await advance()).toMatchObject({ kind: 'ask', value: answer });
    expect(await step().refusal?.(answer, contextOf(9))).toBeNull();
    expect(await advance(answer)).toMatchObject({
      work: [{ id: 'invoice-settlement-backfill/acme', input: { switchDate: '2024-01-21' } }],
    });
    // As the backfill does it.
    await switchOver(database.db, { entity: 'demo', switchDate: '2024-01-21', at: AT });
    expect(await advance(answer)).toMatchObject({
      kind: 'done',
      note: expect.stringContaining('count from 2024-01-21 on') as unknown,
      evidence: { entities: [{ entity: 'demo', state: 'switched', switchDate: '2024-01-21' }] },
    });
    const other = { approve: true, switchDate: '2024-03-01' } as const;
    expect(await step().refusal?.(other, contextOf(9))).toMatchObject({
      refusal: expect.stringContaining('since 2024-01-21') as unknown,
      value: approved,
    });
  });

  test('brings the history of a live tenant that has just turned it on', async () => {
    await syncRows(database, ADJUSTED);
    await feature(true);
    expect(await advance()).toMatchObject({ kind: 'ask', value: approved });
    expect(await advance(approved)).toMatchObject({
      work: [{ id: 'invoice-settlement-backfill/acme', input: {} }],
    });
    await openSwitch(database.db, 'demo');
    expect(await advance(approved)).toMatchObject({ kind: 'work' });
    await switchOver(database.db, { entity: 'demo', switchDate: undefined, at: AT });
    await database.db.updateTable('control.settlement_switch').set({ proof: '[]' }).execute();
    await closeSwitch(database.db, 'demo');
    expect(await advance(approved)).toMatchObject({
      kind: 'done',
      evidence: { entities: [{ state: 'done', switchDate: '2025-08-01', chunks: '0 of 0' }] },
    });
    expect(await advance()).toMatchObject({
      kind: 'not-applicable',
      note: expect.stringContaining('took over from adjustments already') as unknown,
    });
  });

  test('leaves entities out that do not have it', async () => {
    await syncRows(database, ADJUSTED);
    await syncRows(database, ADJUSTED, { entity: 'uk' });
    await feature(true);
    await feature(false, 'uk');
    expect(await advance(approved)).toMatchObject({
      work: [{ id: 'invoice-settlement-backfill/acme/demo', input: { entity: 'demo' } }],
    });
  });
});
