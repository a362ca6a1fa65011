import { Readable } from 'node:stream';

import type { Billing, DataQuery, ObjectDescription } from '../../../src/billing/port.ts';
import type { BillingOfEntities } from '../../../src/cli/doctor/examine-billing.ts';
import { CATALOGUE, objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';

/** What Billing says to those who may not. */
export function notPermitted(what = 'this'): RevsyncError {
  return new RevsyncError(`Zuora Billing does not permit ${what}`, {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    remedy: 'Give the role the permission.',
    context: { status: 403 },
  });
}

/** Describes an object with all that the catalogue has of it, but for `without`. */
export function described(name: string, without: readonly string[] = []): ObjectDescription {
  const fields = Object.keys(objectOf(name).fields).filter((field) => !without.includes(field));
  return {
    name,
    fields: fields.map((field) => ({ name: field, type: 'text', custom: false })),
    related: [],
  };
}

async function* nothing(): AsyncGenerator<never> {}

/** A Billing that permits everything and has one entity, but for what is given. Data queries succeed at once. */
export function stubBilling(
  given: Partial<BillingOfEntities> & { readonly results?: (sql: string) => string } = {},
): BillingOfEntities & { readonly queries: DataQuery[]; readonly cancelled: string[] } {
  const queries: DataQuery[] = [];
  const cancelled: string[] = [];
  const unused = async (): Promise<never> => Promise.reject(new Error('not stubbed'));
  const { results = () => '"Table"\n"account"\n', ...methods } = given;
  const stub: Billing = {
    signIn: async () => {},
    objects: async () => CATALOGUE.map(({ name }) => name),
    describe: async (object) => described(object),
    submitExport: unused,
    exportStatus: unused,
    cancelExport: async () => {},
    openFile: unused,
    deletesOf: async (objects) => new Set(objects),
    submitDataQuery: async (query) => String(queries.push(query) - 1),
    dataQueryStatus: async () => ({ state: 'completed', rows: '1' }),
    cancelDataQuery: async (job) => void cancelled.push(job),
    openDataQueryFile: async (job) => Readable.from([Buffer.from(results(queries[Number(job)]?.sql ?? ''))]),
    zoql: nothing,
    objectQuery: nothing,
    settings: async () => [{ key: 'BillingRules', pathPattern: '/billing-rules' }],
    setting: async () => ({ homeCurrencyCode: 'USD' }),
    entities: async () => [],
    accountingCodes: async () => [],
    accountingPeriods: async () => [],
    products: nothing,
    exchangeRates: async () => [],
    serverTime: async () => 0,
  };
  const billing: BillingOfEntities = { forEntity: () => billing, ...stub, ...methods };
  return Object.assign(billing, { queries, cancelled });
}
