import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createPatience } from '../../../src/cli/doctor/patience.ts';
import { customObjectsIn, probeDataQuery } from '../../../src/cli/doctor/probe-data-query.ts';
import { notPermitted, stubBilling } from './stub-billing.ts';

const patience = () => createPatience({ each: 30_000, all: 60_000 });
const neither = { prices: false, deletes: false };

describe('probeDataQuery', () => {
  test('finds custom objects in the list of tables, and asks for nothing that the export has', async () => {
    const tables = 'Table\naccount\ndefault__project__c\n"Default__Cost_Centre__c"\ndefault__old\n';
    const billing = stubBilling({ results: () => tables });
    const found = await probeDataQuery(billing, patience(), neither);
    expect(found.customObjects).toEqual(['Default__Cost_Centre__c', 'default__project__c']);
    expect(found.apis).toMatchObject({
      'data-query': { state: 'ok' },
      'data-query-prices': { state: 'not-asked' },
      'data-query-deletes': { state: 'not-asked' },
    });
    expect(billing.queries).toEqual([{ sql: 'show tables' }]);
  });

  test('asks for a row of what the export lacks, of deleted rows by readDeleted', async () => {
    const billing = stubBilling();
    const { apis } = await probeDataQuery(billing, patience(), { prices: true, deletes: true });
    expect([apis['data-query-prices'].state, apis['data-query-deletes'].state]).toEqual(['ok', 'ok']);
    const [, prices, deletes] = billing.queries;
    expect(prices?.sql).toMatch(/from chargecontractualvalue limit 1$/);
    expect(deletes).toMatchObject({ readDeleted: true, sql: expect.stringMatching(/limit 1$/) });
  });

  test.each([
    ['line 1:15: Table chargecontractualvalue does not exist', 'absent'],
    ["Column 'elp' cannot be resolved", 'absent'],
    ['Access Denied: cannot select from table', 'refused'],
    ['Query exceeded a limit of the cluster', 'unknown'],
  ])('a query that failed because "%s" says %s', async (reason, state) => {
    const billing = stubBilling({ dataQueryStatus: async () => ({ state: 'failed', reason }) });
    const { apis, customObjects } = await probeDataQuery(billing, patience(), { ...neither, prices: true });
    expect(apis['data-query-prices']).toEqual({ state, detail: reason });
    expect(customObjects).toBeNull();
  });

  test('a tenant that does not list its tables may answer queries all the same', async () => {
    const billing = stubBilling({
      dataQueryStatus: async (job) =>
        job === '0' ? { state: 'failed', reason: 'SHOW is off' } : { state: 'completed', rows: '0' },
    });
    const found = await probeDataQuery(billing, patience(), { ...neither, deletes: true });
    expect(found.apis['data-query'].state).toBe('ok');
    expect(found.customObjects).toBeNull();
  });

  test('a refused submission is an answer', async () => {
    const billing = stubBilling({ submitDataQuery: async () => Promise.reject(notPermitted('Data Query')) });
    const { apis } = await probeDataQuery(billing, patience(), { prices: true, deletes: true });
    expect(Object.values(apis).map(({ state }) => state)).toEqual(['refused', 'refused', 'refused']);
  });

  describe('that takes long', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
    afterEach(() => void vi.useRealTimers());

    test('is given up after the patience, cancelled, and says nothing', async () => {
      const billing = stubBilling({
        dataQueryStatus: async () => {
          vi.advanceTimersByTime(31_000);
          return { state: 'running' };
        },
      });
      const { apis } = await probeDataQuery(billing, patience(), neither);
      expect(apis['data-query']).toEqual({ state: 'unknown', detail: 'No answer within 30 s' });
      expect(billing.cancelled).toEqual(['0']);
    });
  });
});

describe('customObjectsIn', () => {
  test('takes names of custom objects only, each once', () => {
    expect(customObjectsIn('default__a__c, "default__a__c"\nxdefault__b__c\ndefault__c')).toEqual([
      'default__a__c',
    ]);
  });
});
