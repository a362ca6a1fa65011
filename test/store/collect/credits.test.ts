import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { releaseHold } from '../../../src/store/holds/release.ts';
import { applicationsOf } from '../../support/billed-charges.ts';
import { type Billing, type Story, tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const billed = (kind: Billing['kind'], id: string, amount: string, day: string, of?: string): Billing => ({
  id,
  kind,
  amount,
  date: `2024-01-${day}`,
  ...(of === undefined ? {} : { of }),
});

describe('applyCredits', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const collect = async (...stories: Story[]) => {
    await syncRows(database, tenantOf(stories), { entity: org, org, settlement: true });
    return collected();
  };
  const collected = async () => {
    await collectOrg(database, org);
    const applications = await applicationsOf(database, org);
    return applications.map(
      ({ credit, invoice, amount, referenced }) =>
        `${credit} takes ${amount} of ${invoice}${referenced ? ', which it names' : ''}`,
    );
  };
  /** Collects with a stopped line that a person lets count as it is. */
  const passed = async (line: string) => {
    await releaseHold(database.db, {
      org,
      lines: [line],
      as: 'correction',
      reason: 'So be it.',
      by: 'ann',
      request: `pass ${line} of ${org}`,
    });
    return collected();
  };
  const applied = (...billings: Billing[]) => collect({ id: 'a', versions: [{ booked: '1200' }], billings });

  test('takes the invoice that a credit names first, and the latest ones for what is beyond it', async () => {
    const lines = await applied(
      billed('invoice', 'i1', '100', '10'),
      billed('invoice', 'i2', '100', '11'),
      billed('invoice', 'i3', '100', '12'),
      billed('credit of invoice', 'c1', '70', '20', 'i2'),
      billed('credit of invoice', 'c2', '60', '21', 'i2'),
    );
    expect(lines).toEqual(['CM:c1 takes 70 of INV:i2, which it names']);
    expect(await passed('CM:c2')).toEqual([
      'CM:c1 takes 70 of INV:i2, which it names',
      'CM:c2 takes 30 of INV:i2, which it names',
      'CM:c2 takes 30 of INV:i3',
    ]);
  });

  test('takes the form that counts of the invoice that a credit names', async () => {
    const at = '2024-02-01T00:00:00Z';
    const billings = [
      billed('invoice', 'i1', '100', '10'),
      billed('invoice', 'i2', '100', '11'),
      billed('credit of invoice', 'c1', '40', '20', 'i1'),
    ];
    await applied(...billings);
    const rows = tenantOf([{ id: 'a', versions: [{ booked: '1200' }], billings }]);
    const corrected = (rows['InvoiceItem'] ?? [])
      .filter((item) => item['Id'] === 'i1')
      .map((item) => ({ ...item, ChargeAmount: '90', UpdatedDate: at }));
    await syncRows(database, { InvoiceItem: corrected }, { entity: org, org, settlement: true });
    await collectOrg(database, org);
    expect(await passed('INV:i1#2')).toEqual(['CM:c1 takes 40 of INV:i1#2, which it names']);
  });

  test('lets credits that name one invoice share it in the order of their dates', async () => {
    const lines = await applied(
      billed('invoice', 'i1', '100', '10'),
      billed('credit of invoice', 'c1', '60', '21', 'i1'),
      billed('credit of invoice', 'c2', '60', '20', 'i1'),
    );
    expect(lines).toEqual(['CM:c2 takes 60 of INV:i1, which it names']);
    expect(await passed('CM:c1')).toEqual([
      'CM:c1 takes 40 of INV:i1, which it names',
      'CM:c2 takes 60 of INV:i1, which it names',
    ]);
  });

  test('leaves an unnamed credit what named ones leave, across several invoices', async () => {
    const lines = await applied(
      billed('invoice', 'i1', '100', '10'),
      billed('invoice', 'i2', '100', '11'),
      billed('invoice', 'i3', '100', '12'),
      billed('credit', 'c1', '120', '20'),
      billed('credit of invoice', 'c2', '70', '21', 'i3'),
      billed('credit', 'c3', '50', '22'),
    );
    expect(lines).toEqual([
      'CM:c1 takes 90 of INV:i2',
      'CM:c1 takes 30 of INV:i3',
      'CM:c2 takes 70 of INV:i3, which it names',
      'CM:c3 takes 40 of INV:i1',
      'CM:c3 takes 10 of INV:i2',
    ]);
  });

  test('of invoices of one day takes the one with the higher id first', async () => {
    const lines = await applied(
      billed('invoice', 'i1', '100', '10'),
      billed('invoice', 'i2', '100', '10'),
      billed('credit', 'c1', '20', '09'),
    );
    expect(lines).toEqual(['CM:c1 takes 20 of INV:i2']);
  });

  test('leaves unapplied what no invoice is left for, until one comes', async () => {
    const credit = billed('credit', 'c1', '80', '20');
    expect(await applied(credit)).toEqual([]);
    expect(await applied(credit, billed('invoice', 'i1', '50', '10'))).toEqual(['CM:c1 takes 50 of INV:i1']);
    expect(
      await applied(credit, billed('invoice', 'i1', '50', '10'), billed('invoice', 'i2', '50', '11')),
    ).toEqual(['CM:c1 takes 30 of INV:i1', 'CM:c1 takes 50 of INV:i2']);
  });

  test('applies the credits of a discount to its negative invoices, signed as they are', async () => {
    const lines = await collect({
      id: 'a',
      versions: [{ booked: '-120' }],
      billings: [billed('invoice', 'i1', '-10', '10'), billed('credit', 'c1', '-4', '20')],
    });
    expect(lines).toEqual(['CM:c1 takes -4 of INV:i1']);
  });

  test('never takes the invoice of another booking', async () => {
    const lines = await collect(
      { id: 'a', versions: [{ booked: '1200' }], billings: [billed('invoice', 'i1', '100', '10')] },
      { id: 'b', versions: [{ booked: '1200' }], billings: [billed('credit', 'c1', '100', '20')] },
    );
    expect(lines).toEqual([]);
  });
});
