import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createContract } from '../../../src/store/contracts/create-contract.ts';
import { COLLECTED_STOPS, STOPPING } from '../../../src/store/limitations/collected-stops.ts';
import { REPORTED } from '../../../src/store/limitations/report-findings.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { type Chapter, tenantWith } from '../../support/action-stories.ts';
import { amendedTenant } from '../../support/amended-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { run } from '../../support/server-database.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const UpdatedDate = '2024-03-01T00:00:00Z';
const SWAPPED: readonly Chapter[] = [{}, { charge: { Version: '2' }, action: 'ChangePlan' }];

describe('what a rule would stop and is collected', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const open = async () =>
    (await listFindings(database.db, { open: true })).map(
      ({ finding, line, amount, currency }) => `${finding} ${line} ${amount} ${currency}`,
    );
  const collected = async (rows: Rows) => {
    await syncRows(database, rows);
    await collectOrg(database);
  };

  test('is found when its action becomes known late, and over when the action is gone', async () => {
    const { OrderAction: actions = [], ...rows } = tenantWith({ a: SWAPPED, b: [{}] });
    await collected(rows);
    expect(await open()).toEqual([]);
    await syncRows(database, { OrderAction: actions });
    const found = 'change-plan-order-action SO:a.1@2 1200.00 USD';
    expect(await open()).toEqual([found]);
    expect(await listFindings(database.db, {})).toMatchObject([
      {
        object: 'RatePlanCharge',
        source: 'a-rpc2',
        remedy: COLLECTED_STOPS['change-plan-order-action']?.remedy,
      },
    ]);
    await syncRows(database, {});
    expect(await open()).toEqual([found]);
    await syncRows(database, {
      OrderAction: actions.map((row) => ({ ...row, Deleted: 'true', UpdatedDate })),
    });
    expect(await open()).toEqual([]);
  });

  test('is found when its charge turns prepaid, until a flag excludes it', async () => {
    const charge = (fields: Readonly<Record<string, string>>) => tenantWith({ a: [{ charge: fields }] });
    await collected(charge({}));
    await syncRows(database, charge({ IsPrepaid: 'true', UpdatedDate }));
    expect(await open()).toEqual(['prepayment-charge SO:a.1@1 1200.00 USD']);
    await syncRows(
      database,
      charge({
        IsPrepaid: 'true',
        ExcludeItemBookingFromRevenueAccounting: 'true',
        UpdatedDate: '2024-03-02T00:00:00Z',
      }),
    );
    expect((await open()).filter((each) => each.startsWith('prepayment'))).toEqual([]);
  });

  test('is over by itself when another version stands, which is collected without a change in Billing', async () => {
    const { OrderAction: actions = [], ...rows } = tenantWith({ a: SWAPPED });
    await collected(rows);
    await syncRows(database, { OrderAction: actions });
    await syncRows(database, tenantWith({ a: [...SWAPPED, { charge: { Version: '3' } }] }));
    expect(await open()).toEqual(['change-plan-order-action SO:a.1@2 1200.00 USD']);
    await collectOrg(database);
    await syncRows(database, {});
    expect(await open()).toEqual([]);
  });

  test('takes the discount of a stopped charge with it', async () => {
    const YEAR = { from: '2024-01-01', to: '2025-01-01' };
    const rows = (fields: Readonly<Record<string, string>>) =>
      amendedTenant([
        {
          version: 1,
          segments: [
            { charge: 'fee', ...YEAR, amount: '1200', with: fields },
            { charge: 'a', ...YEAR, amount: '120', discounts: 'fee.1' },
          ],
        },
      ]);
    await collected(rows({}));
    await syncRows(database, rows({ IsPrepaid: 'true', UpdatedDate }));
    expect((await open()).toSorted()).toEqual([
      'prepayment-charge SO:fee.1.a.1@1 -120.00 USD',
      'prepayment-charge SO:fee.1@1 1200.00 USD',
    ]);
  });

  test('is nothing to find where a person made a contract for it', async () => {
    const termed = (TermType: string, Version: string) => ({
      charge: { Version },
      subscription: { TermType },
    });
    const rows = tenantWith({ a: [termed('TERMED', '1'), termed('EVERGREEN', '2')] });
    await collected(rows);
    await createContract(database.db, {
      org: 'default',
      lines: ['SO:a.1@2'],
      reason: 'Converted',
      by: 'ann',
    });
    await collectOrg(database);
    await run(database.url, `update control.run set rules = null`);
    await syncRows(database, rows);
    expect(await open()).toEqual([]);
  });

  test('has findings of its own: no rule that stops reports as well', () => {
    const ids = new Set<string>(REPORTED.map(({ id }) => id));
    expect(STOPPING.filter(({ id }) => ids.has(id))).toEqual([]);
  });
});
