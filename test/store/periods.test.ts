import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  beginClose,
  cancelClose,
  closePeriod,
  ensureOpenPeriod,
  listPeriods,
  openPeriod,
  openPeriodOf,
  type PeriodChange,
} from '../../src/store/periods.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, recordTenant, syncRows } from '../support/sync-rows.ts';

describe('periods', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await recordTenant(database, org, org);
  });
  afterAll(() => database.close());

  const change = (period: string): PeriodChange => ({ org, period, by: 'ann', reason: 'Month end.' });
  const open = (period: string) => openPeriod(database.db, change(period));
  const begin = (period: string) => beginClose(database.db, change(period));
  const cancel = (period: string) => cancelClose(database.db, change(period));
  const close = (period: string) => closePeriod(database.db, change(period));
  const statuses = async () =>
    (await listPeriods(database.db, org)).map(({ period, status }) => `${period} ${status}`);
  const decisions = async () =>
    (
      await database.db
        .selectFrom('control.decision')
        .select(['kind', 'subject', 'before', 'after', 'decided_by', 'reason'])
        .where('org', '=', org)
        .orderBy('decision')
        .execute()
    ).map(({ kind, subject, before, after, decided_by: by, reason }) => {
      expect([by, reason]).toEqual(['ann', 'Month end.']);
      return `${kind} ${subject}: ${statusIn(before)} -> ${statusIn(after)}`;
    });

  test('are opened and closed one after the other, each change a decision with what was before', async () => {
    await open('2024-01');
    await begin('2024-01');
    await close('2024-01');
    await open('2024-02');
    await open('2024-04');
    expect(await statuses()).toEqual(['2024-01 closed', '2024-02 closed', '2024-04 open']);
    expect(await decisions()).toEqual([
      'open-period 2024-01: none -> open',
      'pending-close-period 2024-01: open -> pending-close',
      'close-period 2024-01: pending-close -> closed',
      'open-period 2024-02: none -> open',
      'open-period 2024-04: open -> open',
    ]);
  });

  test('a close that has begun is cancelled, by itself or by opening the period again', async () => {
    await open('2024-01');
    for (const back of [cancel, open]) {
      await begin('2024-01');
      expect(await statuses()).toEqual(['2024-01 pending-close']);
      await back('2024-01');
      expect(await statuses()).toEqual(['2024-01 open']);
    }
    expect((await decisions()).slice(-1)).toEqual(['cancel-pending-close 2024-01: pending-close -> open']);
  });

  test('a change that changes nothing is no decision', async () => {
    await open('2024-01');
    await open('2024-01');
    await begin('2024-01');
    await begin('2024-01');
    await close('2024-01');
    await close('2024-01');
    expect(await decisions()).toHaveLength(3);
  });

  test('closed stays closed, and so do the months before', async () => {
    await open('2024-02');
    await close('2024-02');
    for (const period of ['2024-02', '2024-01']) {
      await expect(open(period)).rejects.toMatchObject({ code: 'PERIOD_ALREADY_CLOSED', fate: 'fix-input' });
    }
    expect(await openPeriodOf(database.db, org)).toBeUndefined();
    await open('2024-03');
    await expect(open('2024-02')).rejects.toMatchObject({
      code: 'PERIOD_ALREADY_CLOSED',
      message: expect.stringContaining('lies before 2024-03, which is open'),
    });
  });

  test('only the period that is open can be closed, and only a close that has begun be cancelled', async () => {
    await expect(close('2024-01')).rejects.toMatchObject({ code: 'PERIOD_NOT_OPEN' });
    await open('2024-01');
    await expect(begin('2024-02')).rejects.toMatchObject({
      code: 'PERIOD_NOT_OPEN',
      message: expect.stringContaining('2024-01 is open'),
    });
    await expect(cancel('2024-01')).rejects.toMatchObject({ code: 'PERIOD_NOT_PENDING' });
    expect(await statuses()).toEqual(['2024-01 open']);
  });

  test('the first one opens by itself; once a person has closed it, a person opens the next', async () => {
    expect(await ensureOpenPeriod(database.db, org, '2024-01-31')).toMatchObject({ period: '2024-01' });
    await closePeriod(database.db, change('2024-01'));
    expect(await ensureOpenPeriod(database.db, org, '2024-02-29')).toBeUndefined();
    expect(await statuses()).toEqual(['2024-01 closed']);
  });

  test('of two people who open a first period at once, one opens it and the other one’s follows', async () => {
    await Promise.all([open('2024-01'), open('2024-01'), open('2024-01')]);
    expect(await statuses()).toEqual(['2024-01 open']);
    expect(await decisions()).toHaveLength(1);
  });

  test('organisations have their own', async () => {
    await open('2024-01');
    await begin('2024-01');
    const other = `${org}-other`;
    await recordTenant(database, other, other);
    await openPeriod(database.db, { ...change('2023-05'), org: other });
    expect((await listPeriods(database.db, other)).map(({ period }) => period)).toEqual(['2023-05']);
    expect(await statuses()).toEqual(['2024-01 pending-close']);
  });

  test('a period is not closed under a collection', async () => {
    await syncRows(database, sampleTenant(), { entity: org, org });
    const { period } = (await openPeriodOf(database.db, org)) ?? { period: '' };
    const ended: string[] = [];
    await Promise.all([
      collectOrg(database, org).then(
        () => ended.push('collected'),
        (error: { code?: string }) => ended.push(error.code ?? ''),
      ),
      closePeriod(database.db, change(period)).then(() => ended.push('closed')),
    ]);
    // Whichever came first, the other one saw it whole.
    expect([
      ['collected', 'closed'],
      ['closed', 'PERIOD_NOT_OPEN'],
    ]).toContainEqual(ended);
  });
});

const statusIn = (period: object | null): string =>
  period !== null && 'status' in period ? String(period.status) : 'none';
