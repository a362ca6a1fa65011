import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { judgeRules } from '../../src/domain/settings/judge-rules.ts';
import { invoicePastEndOfTerm } from '../../src/limitations/invoice-past-end-of-term.ts';
import { settingsText } from '../../src/cli/settings-text.ts';
import { listBillingSettings, recordBillingSettings } from '../../src/store/settings/billing-settings.ts';
import { type Story, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling } from '../support/limitation-tenant.ts';
import { recordTenant, type Rows, syncRows } from '../support/sync-rows.ts';

const TERM_END = '2025-01-01';

/** A subscription of a year with one item billed for some days from the end of the year on. */
const billed = (id: string, ends: string, change: Partial<Story> = {}): Story => ({
  id,
  versions: [{ booked: '100' }],
  billings: [{ id: `${id}-item`, kind: 'invoice', amount: '100', ends }],
  ...change,
});
const beyond = '2025-01-02';
const found = ['InvoiceItem past-item'];
const later = (rows: Rows, subscription: Readonly<Record<string, string | null>>): Rows => ({
  ...rows,
  Subscription: (rows['Subscription'] ?? []).map((row) =>
    row['Id'] === 'past-sub2' ? { ...row, ...subscription } : row,
  ),
});
const amended = (): Rows =>
  tenantOf([billed('past', beyond, { versions: [{ booked: '100' }, { booked: '100' }] })]);

describe('Invoice Past End-of-Term billing rule', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const inBilling = () => foundInBilling(database.db, invoicePastEndOfTerm);

  test('is found by what was billed for days after the term, and by nothing within it', async () => {
    const rows = tenantOf([
      billed('past', beyond),
      billed('within', '2024-12-31'),
      billed('whole', TERM_END),
      billed('evergreen', beyond, { subscription: { TermType: 'EVERGREEN', TermEndDate: null } }),
      billed('open', beyond, { subscription: { TermEndDate: null } }),
    ]);
    await syncRows(database, rows);
    expect(await inBilling()).toEqual(found);
    expect(await atStake(database.db, invoicePastEndOfTerm)).toEqual(['100 USD']);
  });

  test('is not told of drafts and of what Billing deleted', async () => {
    const rows = tenantOf([billed('draft', beyond), billed('gone', beyond)]);
    const changed = (object: string, id: string, change: Readonly<Record<string, string>>) =>
      (rows[object] ?? []).map((row) => (row['Id'] === id ? { ...row, ...change } : row));
    await syncRows(database, {
      ...rows,
      Invoice: changed('Invoice', 'of-draft-item', { Status: 'Draft' }),
      InvoiceItem: changed('InvoiceItem', 'gone-item', { Deleted: 'true' }),
    });
    expect(await inBilling()).toEqual([]);
  });

  test('goes when a newer version renews the term', async () => {
    await syncRows(database, tenantOf([billed('past', beyond)]));
    expect(await inBilling()).toEqual(found);
    await syncRows(database, later(amended(), { TermStartDate: TERM_END, TermEndDate: '2026-01-01' }));
    expect(await inBilling()).toEqual([]);
  });

  test('stays when a newer version leaves the term as it is', async () => {
    await syncRows(database, amended());
    expect(await inBilling()).toEqual(found);
  });

  test('is not told of what was billed before a cancellation shortened the term', async () => {
    const story = billed('past', TERM_END, { versions: [{ booked: '100' }, { booked: '50' }] });
    await syncRows(database, later(tenantOf([story]), { TermEndDate: '2024-07-01', Status: 'Cancelled' }));
    expect(await inBilling()).toEqual([]);
  });

  test('is not told once the subscription is evergreen', async () => {
    await syncRows(database, later(amended(), { TermType: 'EVERGREEN', TermEndDate: null }));
    expect(await inBilling()).toEqual([]);
  });

  test('is named by the settings that run into it, and by no other', async () => {
    await recordTenant(database);
    const body = {
      invoicePastEndOfTerm: true,
      billToTermEndWhenAutoRenew: false,
      oneTimeCreditBack: false,
    };
    const rules = judgeRules(new Map([['billing-rules', { state: 'told', body }]]), 'USD');
    await recordBillingSettings(
      database.db,
      { entity: 'demo', rules, features: [] },
      { by: 'sync', workflowRun: 'run-1' },
    );
    const listed = await listBillingSettings(database.db);
    const named = listed.rules.filter(({ limitation }) => limitation === invoicePastEndOfTerm.id);
    expect(named.map(({ rule, fits }) => [rule, fits])).toEqual([
      ['invoice-past-end-of-term-auto-renew-off', false],
      ['invoice-past-end-of-term-subscriptions', null],
      ['invoice-past-end-of-term-auto-renew-on', false],
    ]);
    expect(invoicePastEndOfTerm.settings).toEqual(named.map(({ rule }) => rule));
    expect(listed.rules.find(({ rule }) => rule === 'one-time-credit-back')).toMatchObject({
      fits: false,
      limitation: null,
    });
    const text = settingsText(listed.rules, []).join(' ').replaceAll(/\s+/g, ' ');
    expect(text.split('(known limitation invoice-past-end-of-term)')).toHaveLength(named.length + 1);
  });
});
