import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type ConnectedBilling, connectBilling } from '../../../src/billing/rest/billing.ts';
import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { type Sandbox, startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import type { BillingReport } from '../../../src/cli/doctor/billing-report.ts';
import { examineBilling } from '../../../src/cli/doctor/examine-billing.ts';
import { createPatience } from '../../../src/cli/doctor/patience.ts';
import { CATALOGUE } from '../../../src/domain/catalogue/catalogue.ts';
import { APIS } from '../../../src/domain/features/access.ts';
import { FEATURES } from '../../../src/domain/features/features.ts';
import { described, notPermitted, stubBilling } from './stub-billing.ts';

const NAMES = { tenant: 'acme', tenantName: 'Acme Inc.' };

const statesOf = ({ features }: BillingReport, ...ids: readonly string[]) =>
  Object.fromEntries(features.filter(({ id }) => ids.includes(id)).map(({ id, state }) => [id, state]));
const featureOf = ({ features }: BillingReport, id: string) => features.find((one) => one.id === id);
const objectOf = ({ objects }: BillingReport, name: string) => objects.find(({ object }) => object === name);
const apiOf = ({ apis }: BillingReport, name: string) => apis.find(({ api }) => api === name);

describe('examineBilling', () => {
  test('lists every object, interface and feature for the one entity of a tenant', async () => {
    const report = await examineBilling(stubBilling(), NAMES);
    expect(report.entities).toEqual([
      {
        key: 'acme',
        id: null,
        name: 'Acme Inc.',
        displayName: 'Acme Inc.',
        parent: null,
        timezone: null,
        homeCurrency: 'USD',
        access: 'ok',
        note: null,
      },
    ]);
    expect(report.objects.map(({ object }) => object)).toEqual(CATALOGUE.map(({ name }) => name));
    expect(report.apis.map(({ api }) => api)).toEqual(Object.keys(APIS));
    expect(report.features.map(({ id }) => id)).toEqual(FEATURES.map(({ id }) => id));
    for (const { entities } of [...report.objects, ...report.apis, ...report.features]) {
      expect(entities).toEqual(['acme']);
    }
  });

  test('tells of an object its fields, custom ones, and the known ones that are not exported', async () => {
    const without = ['TriggerEvent', 'MRR'];
    const report = await examineBilling(
      stubBilling({
        describe: async (name) => {
          if (name !== 'RatePlanCharge') return described(name);
          const whole = described(name, without);
          const custom = { name: 'Region__c', type: 'text', custom: true };
          return { ...whole, fields: [...whole.fields, custom, { ...custom, name: 'New', custom: false }] };
        },
      }),
      NAMES,
    );
    expect(objectOf(report, 'RatePlanCharge')).toMatchObject({
      kind: 'transaction',
      access: 'ok',
      fields: Object.keys(CATALOGUE.find(({ name }) => name === 'RatePlanCharge')?.fields ?? {}).length,
      customFields: ['Region__c'],
      missing: ['MRR', 'TriggerEvent'],
      needed: ['TriggerEvent'],
      deletedColumn: true,
    });
    expect(featureOf(report, 'bookings')).toMatchObject({
      state: 'partly',
      missing: ['RatePlanCharge.TriggerEvent'],
      consequence: 'Empty unless mapped from elsewhere: Rate Plan Charge Trigger Event.',
    });
    expect(featureOf(report, 'custom-fields')?.found).toEqual(['RatePlanCharge.Region__c']);
  });

  test('tells what Billing has not from what it keeps from the credentials', async () => {
    const hidden = ['Ramp', 'Order'];
    const report = await examineBilling(
      stubBilling({
        objects: async () => CATALOGUE.map(({ name }) => name).filter((name) => name !== 'Ramp'),
        describe: async (name) => (hidden.includes(name) ? null : described(name)),
      }),
      NAMES,
    );
    expect(objectOf(report, 'Ramp')).toMatchObject({ access: 'absent', fields: 0, deletedColumn: null });
    expect(objectOf(report, 'Order')).toMatchObject({ access: 'refused' });
    expect(statesOf(report, 'ramps', 'orders')).toEqual({ ramps: 'missing', orders: 'missing' });
  });

  test('cannot export an object whose rows it could not tell apart', async () => {
    const describeAll = async (name: string) =>
      described(name, name === 'InvoiceItem' ? ['UpdatedDate'] : []);
    const report = await examineBilling(stubBilling({ describe: describeAll }), NAMES);
    expect(objectOf(report, 'InvoiceItem')).toMatchObject({
      access: 'refused',
      note: 'InvoiceItem does not export UpdatedDate',
    });
    expect(statesOf(report, 'billings', 'bookings')).toEqual({ billings: 'missing', bookings: 'ok' });
  });

  test('goes on past every refusal: each is a row', async () => {
    const no = async (): Promise<never> => Promise.reject(notPermitted());
    const pages = { [Symbol.asyncIterator]: () => ({ next: no }) };
    const report = await examineBilling(
      stubBilling({
        objects: no,
        describe: no,
        deletesOf: no,
        submitDataQuery: no,
        zoql: () => pages,
        objectQuery: () => pages,
        settings: no,
        setting: no,
        entities: no,
        accountingCodes: no,
        accountingPeriods: no,
        exchangeRates: no,
      }),
      NAMES,
    );
    const states = report.apis.filter(({ api }) => api !== 'export').map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['refused']));
    expect(apiOf(report, 'export')?.state).toBe('not-asked');
    expect(new Set(report.objects.map(({ access }) => access))).toEqual(new Set(['refused']));
    // Without an object there is nothing to ask AQuA for.
    const others = report.features.filter(({ state }) => state !== 'missing');
    expect(others.map(({ id, state }) => [id, state])).toEqual([
      ['deletes', 'unknown'],
      ['custom-fields', 'unknown'],
    ]);
  });

  test('waits for nobody who does not answer', async () => {
    const silence = () => new Promise<never>(() => {});
    const billing = stubBilling({ deletesOf: silence, settings: silence });
    const report = await examineBilling(billing, NAMES, createPatience({ each: 50, all: 5000 }));
    expect(apiOf(report, 'settings')).toMatchObject({ state: 'unknown', detail: 'No answer within 1 s' });
    expect(statesOf(report, 'settings', 'bookings')).toEqual({ settings: 'unknown', bookings: 'unknown' });
    expect(featureOf(report, 'deletes')).toMatchObject({ state: 'ok', by: 'Data Query with readDeleted' });
    expect(objectOf(report, 'Invoice')?.deletedColumn).toBeNull();
  });

  describe('of several entities', () => {
    const entity = (id: string, parentId: string | null = null) => ({
      id,
      name: id,
      displayName: `Acme ${id}`,
      parentId,
      timezone: 'UTC',
      homeCurrency: parentId === null ? 'USD' : null,
    });

    test('asks each in its own name, and says what they do not have in common', async () => {
      const base = stubBilling();
      const report = await examineBilling(
        stubBilling({
          entities: async () => [entity('top'), entity('north', 'top')],
          forEntity: (id) =>
            id === 'top' ? base : stubBilling({ accountingPeriods: () => Promise.reject(notPermitted()) }),
        }),
        NAMES,
      );
      expect(report.entities).toMatchObject([
        { key: 'Acme-top', homeCurrency: 'USD', parent: null },
        { key: 'Acme-north', homeCurrency: 'USD', parent: 'Acme-top' },
      ]);
      const periods = report.features.filter(({ id }) => id === 'accounting-periods');
      expect(periods).toMatchObject([
        { state: 'ok', entities: ['Acme-top'] },
        { state: 'missing', entities: ['Acme-north'] },
      ]);
      expect(featureOf(report, 'bookings')?.entities).toEqual(['Acme-top', 'Acme-north']);
    });

    test('tells an entity that the credentials do not reach by its row alone', async () => {
      const no = async (): Promise<never> => Promise.reject(notPermitted('that entity'));
      const report = await examineBilling(
        stubBilling({
          entities: async () => [entity('top'), entity('north', 'top')],
          forEntity: (id) => stubBilling(id === 'top' ? {} : { objects: no, describe: async () => null }),
        }),
        NAMES,
      );
      expect(report.entities.map(({ key, access }) => [key, access])).toEqual([
        ['Acme-top', 'ok'],
        ['Acme-north', 'refused'],
      ]);
      expect(report.features).toHaveLength(FEATURES.length);
      expect(featureOf(report, 'bookings')).toMatchObject({ state: 'ok', entities: ['Acme-top'] });
    });

    test('looks at twenty and lists the others', async () => {
      const many = Array.from({ length: 23 }, (_, index) => entity(`e${index}`));
      const asked = new Set<string | null>();
      const report = await examineBilling(
        stubBilling({
          entities: async () => many,
          forEntity: (id) => {
            asked.add(id);
            return stubBilling();
          },
        }),
        NAMES,
      );
      expect(report.entities.map(({ access }) => access)).toEqual([
        ...Array.from({ length: 20 }, () => 'ok'),
        ...Array.from({ length: 3 }, () => 'not-asked'),
      ]);
      expect(asked.size).toBe(20);
    });
  });
});

describe('examineBilling against the sandbox', () => {
  let sandbox: Sandbox | undefined;
  let billing: ConnectedBilling | undefined;

  const examined = async (spec: string, prepare: (url: string) => Promise<void> = async () => {}) => {
    const tenant = generateTenant(parseTenantSpec(`items=40,${spec}`));
    sandbox = await startSandbox({ tenant, report: () => {}, jobDelay: 10 });
    billing = connectBilling({ baseUrl: sandbox.url, clientId: 'sandbox', clientSecret: 'sandbox' });
    await prepare(sandbox.url);
    return examineBilling(billing, NAMES);
  };
  const stop = async () => {
    await billing?.close();
    await sandbox?.stop();
  };
  const fault = (body: object) => async (url: string) => {
    const reply = await fetch(`${url}/__sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
    expect(reply.status).toBe(200);
  };

  describe('with everything', () => {
    let report: BillingReport;
    beforeAll(async () => void (report = await examined('settlement=on,entities=2,currencies=USD+EUR')));
    afterAll(stop);

    test('every feature works in every entity, the bare parent too', () => {
      const lesser = report.features.filter(({ state }) => state !== 'ok');
      expect(lesser).toEqual([]);
      expect(report.entities.map(({ name, homeCurrency }) => [name, homeCurrency])).toEqual([
        ['Global', 'USD'],
        ['Entity 1', 'USD'],
        ['Entity 2', 'EUR'],
      ]);
      expect(featureOf(report, 'bookings')?.entities).toHaveLength(3);
    });

    test('every interface answers that is asked', () => {
      const states = Object.fromEntries(report.apis.map(({ api, state }) => [api, state]));
      expect(states).toMatchObject({
        export: 'ok',
        'data-query': 'ok',
        zoql: 'ok',
        settings: 'ok',
        entities: 'ok',
      });
    });

    test('describe has whatever templates and transformation need', () => {
      expect(report.objects.flatMap(({ needed }) => needed)).toEqual([]);
      expect(objectOf(report, 'Account')).toMatchObject({ customFields: ['Region__c'], deletedColumn: true });
    });
  });

  describe('without Invoice Settlement', () => {
    afterAll(stop);

    test('memos are off, and everything else works', async () => {
      const report = await examined('settlement=off');
      expect(objectOf(report, 'CreditMemo')?.access).toBe('absent');
      const lesser = report.features
        .filter(({ state }) => state !== 'ok')
        .map(({ id, state }) => [id, state]);
      expect(lesser).toEqual([
        ['invoice-settlement', 'off'],
        ['multi-entity', 'off'],
      ]);
    });
  });

  describe('without contractual values in the export', () => {
    afterAll(stop);

    test.each([
      ['data-query', { state: 'ok', by: 'Data Query of chargecontractualvalue' }],
      ['none', { state: 'missing', by: null }],
    ])('amounts of bookings with ccv=%s', async (ccv, expected) => {
      const report = await examined(`ccv=${ccv}`);
      expect(featureOf(report, 'booking-amounts')).toMatchObject(expected);
      expect(featureOf(report, 'bookings')?.state).toBe('ok');
      await stop();
    });
  });

  describe('that forbids', () => {
    afterAll(stop);

    test('an object: it is refused, and what needs it is missing', async () => {
      const report = await examined('settlement=off', fault({ kind: 'permission', match: 'Invoice' }));
      expect(objectOf(report, 'Invoice')?.access).toBe('refused');
      expect(featureOf(report, 'billings')).toMatchObject({ state: 'missing', missing: ['Invoice'] });
      expect(statesOf(report, 'bookings', 'adjustments')).toEqual({ bookings: 'ok', adjustments: 'ok' });
      await stop();
    });

    test('export jobs: Data Query is asked for what it has, and what only an export has is missing', async () => {
      const forbidden = fault({ kind: 'permission', match: 'POST /v1/batch-query' });
      const report = await examined('settlement=off', forbidden);
      expect(apiOf(report, 'export')?.state).toBe('refused');
      expect(featureOf(report, 'booking-amounts')).toMatchObject({
        state: 'ok',
        by: 'Data Query of chargecontractualvalue',
      });
      expect(statesOf(report, 'bookings', 'percentage-discounts', 'settings')).toEqual({
        bookings: 'missing',
        'percentage-discounts': 'missing',
        settings: 'ok',
      });
      await stop();
    });

    test('deleted columns: Data Query tells deleted rows', async () => {
      const report = await examined('settlement=off', fault({ kind: 'no-deletes' }));
      expect(objectOf(report, 'InvoiceItem')?.deletedColumn).toBe(false);
      expect(featureOf(report, 'deletes')).toMatchObject({ state: 'ok', by: 'Data Query with readDeleted' });
      await stop();
    });

    test('all but one of the entities: nothing more than that one is ok', async () => {
      const report = await examined('entities=2', async (url) => {
        const body = JSON.stringify({ entities: ['Entity 1'] });
        expect((await fetch(`${url}/__sandbox/access`, { method: 'POST', body })).status).toBe(200);
      });
      const reached = report.entities.filter(({ access }) => access === 'ok');
      const named = report.entities.length === 1 ? 'acme' : 'Sandbox-Entity-1';
      expect(reached.map(({ key }) => key)).toEqual([named]);
      expect(featureOf(report, 'bookings')?.state).toBe('ok');
      await stop();
    });
  });
});
