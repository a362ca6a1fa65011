import { text } from 'node:stream/consumers';

import { expect } from 'vitest';

import type { Billing, ExportStatus } from '../../../src/billing/port.ts';

/** The same tenant, seen as a whole and as one of its entities; without Multi-entity both are one. */
export interface Views {
  readonly tenant: Billing;
  readonly entity: Billing;
}

/** Every call that a method of the port can lead to when all goes well. The type leaves no method out. */
export const DRIVES: Readonly<Record<keyof Billing, (views: Views) => Promise<void>>> = {
  signIn: async ({ tenant }) => tenant.signIn(),
  serverTime: async ({ tenant }) => {
    expect(await tenant.serverTime()).toBeGreaterThan(0);
  },
  objects: async ({ entity }) => {
    expect(await entity.objects()).toContain('InvoiceItem');
  },
  async describe({ entity }) {
    for (const object of ['InvoiceItem', 'Subscription', 'Ramp']) {
      expect((await entity.describe(object))?.fields.length).toBeGreaterThan(0);
    }
  },
  async submitExport({ entity }) {
    const deletedColumn = 'Gone';
    const queries = [
      { name: 'Account', query: 'select Id, Name, BillToContact.Id from Account', deletedColumn },
      { name: 'AccountingCode', query: 'select Id, Name from AccountingCode' },
    ];
    await ended(
      entity,
      await entity.submitExport({ name: 'a name that is longer than Zuora takes', queries }),
    );
  },
  async exportStatus({ entity }) {
    const file = await exported(
      entity,
      `select Id from Invoice where UpdatedDate >= '2024-02-01T00:00:00+0000'`,
    );
    expect(Number(file.recordCount)).toBeGreaterThan(0);
  },
  async cancelExport({ entity }) {
    const queries = [{ name: 'InvoiceItem', query: 'select Id from InvoiceItem' }];
    await entity.cancelExport(await entity.submitExport({ name: 'cancelled', queries }));
  },
  async openFile({ entity }) {
    const { fileIds, recordCount } = await exported(entity, 'select Id from InvoiceItem');
    const csv = await text(await entity.openFile(fileIds[0] ?? ''));
    expect(csv.trim().split('\n')).toHaveLength(Number(recordCount) + 1);
  },
  async deletesOf({ entity }) {
    expect(await entity.deletesOf(['Invoice', 'AccountingCode'])).toEqual(new Set(['Invoice']));
  },
  async submitDataQuery({ entity }) {
    await queried(entity, await entity.submitDataQuery({ sql: 'select id from invoice', readDeleted: true }));
  },
  async dataQueryStatus({ entity }) {
    const job = await entity.submitDataQuery({ sql: 'select count(*) as n from account' });
    expect(await queried(entity, job)).toEqual({ state: 'completed', rows: '1' });
  },
  async cancelDataQuery({ entity }) {
    await entity.cancelDataQuery(await entity.submitDataQuery({ sql: 'select id from invoiceitem' }));
  },
  async openDataQueryFile({ entity }) {
    const job = await entity.submitDataQuery({ sql: 'select id, updateddate from account' });
    await queried(entity, job);
    expect(await text(await entity.openDataQueryFile(job))).toMatch(/^"?id"?,"?updateddate"?\n/);
  },
  async zoql({ entity }) {
    const pages = await all(entity.zoql(`select Id, ChargeAmount from InvoiceItem where Id != 'none'`));
    expect(pages.length).toBeGreaterThan(1);
  },
  async objectQuery({ entity }) {
    const query = { filter: ['status.EQ:Posted'], fields: ['id', 'invoicenumber'], sort: ['id.ASC'] };
    const pages = await all(
      entity.objectQuery({ object: 'invoices', ...query, expand: ['account'], pageSize: 40 }),
    );
    expect(pages.length).toBeGreaterThan(1);
    for await (const page of entity.objectQuery({ object: 'order-actions' })) {
      expect(page.length).toBeGreaterThan(0);
      break;
    }
  },
  settings: async ({ entity }) => {
    expect((await entity.settings()).length).toBeGreaterThan(10);
  },
  async setting({ entity }) {
    for (const { pathPattern } of await entity.settings()) {
      expect(await entity.setting(pathPattern.slice(1))).not.toBeNull();
    }
  },
  entities: async ({ tenant }) => void (await tenant.entities()),
  accountingCodes: async ({ entity }) => {
    expect((await entity.accountingCodes()).length).toBeGreaterThan(5);
  },
  accountingPeriods: async ({ entity }) => {
    expect((await entity.accountingPeriods()).at(-1)?.endDate).toBeNull();
  },
  async products({ entity }) {
    expect((await all(entity.products())).map((page) => page.length)).toEqual([40, 20]);
  },
  async exchangeRates({ entity }) {
    const rates = await entity.exchangeRates({ currency: 'USD', from: '2024-02-01', to: '2024-06-30' });
    expect(new Set(rates.map(({ day }) => day)).size).toBe(151);
    expect(new Set(rates.map(({ from, inverse }) => `${from} ${inverse}`))).toEqual(new Set(['USD true']));
  },
};

/** The file of a job of one query, once it is there. */
export async function exported(billing: Billing, query: string) {
  const object = / from (\w+)/.exec(query)?.[1] ?? '';
  const job = await billing.submitExport({ name: `test ${object}`, queries: [{ name: object, query }] });
  const status = await ended(billing, job);
  const [file] = status.state === 'completed' ? status.files : [];
  if (file === undefined) throw new Error(`the export of ${object} has no file`);
  return file;
}

/** How an export ended. */
export async function ended(billing: Billing, job: string): Promise<ExportStatus> {
  return until(() => billing.exportStatus(job));
}

/** How a data query ended. */
export async function queried(billing: Billing, job: string) {
  return until(() => billing.dataQueryStatus(job));
}

async function until<Status extends { readonly state: string }>(ask: () => Promise<Status>): Promise<Status> {
  for (;;) {
    const status = await ask();
    if (status.state !== 'running') return status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function all<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}
