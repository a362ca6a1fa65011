import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import type { TemplateRow, TemplateType } from '../../../src/domain/mapping/transaction-template.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { lineReader } from '../../support/line-reader.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

const A_DAY = '0.032258';

describe('the end of a line', () => {
  let database: TestDatabase;
  let read: ReturnType<typeof lineReader>;
  let entity = '';
  let entities = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    read = lineReader(database);
  });
  beforeEach(async () => {
    entity = `entity-${(entities += 1)}`;
    await recordTenant(database, entity, entity);
  });
  afterAll(() => database.close());

  /** The pre-configured template, with other rows for some labels. */
  const mapped = async (type: TemplateType, ...changed: readonly TemplateRow[]) => {
    const seeded = SEEDED_TEMPLATES.find((template) => template.type === type);
    if (seeded === undefined) throw new Error(`no seeded template of ${type}`);
    const rows = seeded.rows.map((row) => changed.find(({ to }) => to === row.to) ?? row);
    await keptDefault(database.db, { ...seeded, name: `${type} of ${entity}`, entity, rows });
  };
  const ending = (from: string, end: 'exclusive' | 'inclusive'): TemplateRow => ({
    from,
    to: 'Revenue End Date',
    type: 'Date',
    end,
  });
  const spans = async (rows: Rows) => {
    await syncRows(database, rows, { entity, org: entity });
    const lines = await read.lines(entity);
    return Object.fromEntries(
      lines.map((line) => [
        line['id'],
        `${line['revenue_start_date']} ${line['revenue_end_date']} ${line['duration']}`,
      ]),
    );
  };

  test.each([
    ['inclusive', '2024-01-31', '1.000000'],
    ['exclusive', '2024-01-31', '0.967742'],
  ] as const)('that is %s is staged as it came and reckoned as it is meant', async (end, day, months) => {
    await mapped('INV', ending('InvoiceItem.Until__c', end));
    const rows = withChanged(sampleTenant(), 'InvoiceItem', 'item1', { Until__c: day });
    expect(await spans(rows)).toMatchObject({ 'INV:item1': `2024-01-01 ${day} ${months}` });
  });

  test.each([
    ['inclusive', '2024-12-31'],
    ['exclusive', '2025-01-01'],
  ] as const)(
    'of a booking, when %s, decides its duration, and a discount says it alike',
    async (end, day) => {
      await mapped('SO', ending('RatePlanCharge.Until__c', end));
      const tenant = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
        EffectiveEndDate: '2025-01-01',
        Until__c: day,
      });
      const [charge = {}] = tenant['RatePlanCharge'] ?? [];
      const discount = { ...charge, Id: 'disc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' };
      const span = `2024-01-01 ${day} 12.000000`;
      expect(
        await spans({
          ...tenant,
          RatePlanCharge: [charge, { ...discount, EffectiveEndDate: '2026-01-01', Until__c: '2026-01-01' }],
          DiscountContractualValues: [
            { DiscountRatePlanChargeId: 'disc', RatePlanChargeId: 'rpc1', Amount: '12.00' },
          ],
        }),
      ).toMatchObject({ 'SO:orig.1@1': span, 'SO:orig.1.disc.1@1': span });
    },
  );

  test.each([
    ['inclusive', '2024-01-01'],
    ['exclusive', '2024-01-02'],
  ] as const)('of what is charged once and has none is a day, said %s', async (end, day) => {
    await mapped('SO', ending('RatePlanCharge.Until__c', end));
    await mapped('INV', ending('InvoiceItem.Until__c', end));
    const rows = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
      ChargeType: 'OneTime',
      EffectiveEndDate: null,
    });
    const span = `2024-01-01 ${day} ${A_DAY}`;
    expect(await spans(rows)).toMatchObject({ 'SO:orig.1@1': span, 'INV:item1': span });
  });

  test('with a start from elsewhere decides the duration of a booking', async () => {
    await mapped('SO', { from: 'RatePlanCharge.From__c', to: 'Revenue Start Date', type: 'Date' });
    const rows = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { From__c: '2024-07-01' });
    expect(await spans(rows)).toMatchObject({ 'SO:orig.1@1': '2024-07-01 2025-01-01 6.000000' });
  });
});
