import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Billing } from '../../../src/billing/port.ts';
import type { ConnectedBilling } from '../../../src/billing/rest/billing.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { all, ended, exported, queried } from './drive-port.ts';
import { setStage, type Stage } from './stage.ts';

type Act = (billing: Billing) => Promise<unknown>;
type Case = readonly [what: string, fault: Readonly<Record<string, unknown>> | null, act: Act, code: string];

const submit = (query: string, deletedColumn?: string) => (billing: Billing) =>
  billing.submitExport({
    name: 'refused',
    queries: [{ name: 'one', query, ...(deletedColumn === undefined ? {} : { deletedColumn }) }],
  });
const readAccounts = submit('select Id from Account');
const readDeletedInvoices = submit('select Id from Invoice', 'Gone');
const UNKNOWN_ID = '0'.repeat(32);
const UNKNOWN_QUERY = '00000000-0000-4000-8000-000000000000';

/** What Billing says no to in the ways that are public, and what the adapter makes of it. */
const REFUSED: readonly Case[] = [
  ['too many calls at once', { kind: '429', match: 'GET /settings' }, (b) => b.settings(), 'RATE_LIMITED'],
  [
    'too many calls a minute',
    { kind: '429', limit: 'rate', match: 'GET /v1/accounting-codes' },
    (b) => b.accountingCodes(),
    'RATE_LIMITED',
  ],
  ['a passing error', { kind: '500', match: 'GET /v1/catalog' }, (b) => all(b.products()), 'BUSY'],
  [
    'a lock, at HTTP 200',
    { kind: 'lock', match: 'GET /v1/accounting-periods' },
    (b) => b.accountingPeriods(),
    'BUSY',
  ],
  [
    'an internal error',
    { kind: 'internal', match: 'GET /settings' },
    (b) => b.setting('billing-rules'),
    'REQUEST_REFUSED',
  ],
  [
    'a missing right',
    { kind: 'permission', match: 'GET /v1/catalog', times: 1 },
    (b) => all(b.products()),
    'PERMISSION_MISSING',
  ],
  [
    'no table of exchange rates',
    { kind: 'permission', match: 'GET /v1/custom-exchange-rates', times: 1 },
    (b) => b.exchangeRates({ currency: 'USD', from: '2024-01-01', to: '2024-01-02' }),
    'PERMISSION_MISSING',
  ],
  ['an error in XML', { kind: 'xml-error', match: 'GET /v1/describe' }, (b) => b.describe('Account'), 'BUSY'],
  ['AQuA has too many jobs (90028)', { kind: 'busy' }, readAccounts, 'BUSY'],
  ['AQuA fails for now (90022)', { kind: 'error-code', match: 'POST /v1/batch-query' }, readAccounts, 'BUSY'],
  ['a query that cannot be read (90005)', null, submit('select Nothing from Account'), 'REQUEST_REFUSED'],
  ['a partner that is not known (90019)', null, withPartner('nobody'), 'REQUEST_REFUSED'],
  [
    'objects that may not be read (90018)',
    { kind: 'permission', match: 'Account', times: 1 },
    readAccounts,
    'REQUEST_REFUSED',
  ],
  [
    'no deleted columns in stateless jobs (90012)',
    { kind: 'no-deletes' },
    readDeletedInvoices,
    'DELETES_UNSUPPORTED',
  ],
  [
    'no deleted column of an object (90017)',
    null,
    submit('select Id from AccountingCode', 'Gone'),
    'DELETES_UNSUPPORTED',
  ],
  ['a file that is gone', null, (b) => b.openFile(UNKNOWN_ID), 'FILE_GONE'],
  ['a data query without SQL', null, (b) => b.submitDataQuery({ sql: ' ' }), 'REQUEST_REFUSED'],
  ['the result of a query that is not there', null, (b) => b.openDataQueryFile(UNKNOWN_QUERY), 'FILE_GONE'],
  [
    'a result that storage has no more',
    { kind: 'gone', match: 'GET /data-query-files' },
    openResult,
    'FILE_GONE',
  ],
  [
    'a field that ZOQL does not know',
    null,
    (b) => all(b.zoql('select Nothing from Account')),
    'REQUEST_REFUSED',
  ],
  [
    'an object without object query',
    null,
    (b) => all(b.objectQuery({ object: 'nothings' })),
    'REQUEST_REFUSED',
  ],
  [
    'a filter that cannot be',
    null,
    (b) => all(b.objectQuery({ object: 'accounts', filter: ['nothing.EQ:1'] })),
    'REQUEST_REFUSED',
  ],
];

/** What Billing says no to where no is an answer. */
const ANSWERED: readonly [what: string, fault: Case[1], act: Act, answer: unknown][] = [
  ['an object that is not there', null, (b) => b.describe('Nothing'), null],
  [
    'an object that may not be described',
    { kind: 'permission', match: 'GET /v1/describe', times: 1 },
    (b) => b.describe('Account'),
    null,
  ],
  ['a setting that is not there', null, (b) => b.setting('nothing'), null],
  ['entities of a tenant without', null, (b) => b.entities(), []],
  ['a token that ended early', { kind: 'token', match: 'GET /settings' }, (b) => b.setting('nothing'), null],
  ['cancelling a job that is over', null, (b) => b.cancelExport(UNKNOWN_ID), undefined],
  ['cancelling a query that is over', null, (b) => b.cancelDataQuery(UNKNOWN_QUERY), undefined],
  [
    'a query that is not known any more',
    null,
    (b) => b.dataQueryStatus(UNKNOWN_QUERY),
    failedWith('30 days'),
  ],
  ['a job that is not known any more (90002)', null, (b) => b.exportStatus(UNKNOWN_ID), failedWith('90002')],
  ['SQL that cannot run', null, failingQuery, failedWith('nothing')],
  ['a job that fails', { kind: 'job-failed', match: 'refused' }, failingJob, failedWith('aborted')],
];

describe('refusals keep to the contract', () => {
  let stage: Stage;
  let billing: ConnectedBilling;
  let now = Date.now();
  beforeAll(async () => {
    stage = await setStage('items=2100', { now: () => now });
    billing = stage.connect();
    await billing.signIn();
  });
  afterEach(async () => {
    await stage.repair();
    expect(stage.proxy.takeFaults()).toEqual([]);
  });
  afterAll(() => stage.stop());

  test.each(REFUSED)('%s', async (_what, fault, act, code) => {
    if (fault !== null) await stage.fault(fault);
    // Its own connection: a refusal of too many calls makes all others pause.
    const error: unknown = await act(stage.connect()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RevsyncError);
    expect(error).toMatchObject({ code: `BILLING_${code}` });
  });

  test.each(ANSWERED)('%s is an answer', async (_what, fault, act, answer) => {
    if (fault !== null) await stage.fault(fault);
    expect(await act(billing)).toEqual(answer);
  });

  test('a wrong secret', async () => {
    const error: unknown = await stage
      .connect({ clientSecret: 'not the secret' })
      .signIn()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BILLING_CREDENTIALS_REFUSED' });
  });

  test('a locator that has grown old', async () => {
    const pages = billing.zoql('select Id from InvoiceItem')[Symbol.asyncIterator]();
    await pages.next();
    now += 16 * 60_000;
    const error: unknown = await pages.next().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BILLING_CURSOR_EXPIRED' });
  });

  test('cancelling what has ended', async () => {
    await exported(billing, 'select Id from Account');
    const job = await readAccounts(billing);
    await ended(billing, job);
    await billing.cancelExport(job);
    const query = await billing.submitDataQuery({ sql: 'select id from account' });
    await queried(billing, query);
    await billing.cancelDataQuery(query);
  });
});

function withPartner(partner: string): Act {
  const queries = [{ name: 'one', query: 'select Id from Account' }];
  const stateful = { partner, project: 'contract', since: null };
  return (billing) => billing.submitExport({ name: 'refused', queries, stateful });
}

async function openResult(billing: Billing): Promise<string> {
  const job = await billing.submitDataQuery({ sql: 'select id from account' });
  await queried(billing, job);
  return text(await billing.openDataQueryFile(job));
}

async function failingQuery(billing: Billing): Promise<unknown> {
  return queried(billing, await billing.submitDataQuery({ sql: 'select id from nothing' }));
}

async function failingJob(billing: Billing): Promise<unknown> {
  return ended(billing, await readAccounts(billing));
}

function failedWith(words: string): unknown {
  return { state: 'failed', reason: expect.stringContaining(words) as string };
}
