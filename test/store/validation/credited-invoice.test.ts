import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { rejectHold } from '../../../src/store/holds/reject.ts';
import { releaseHold } from '../../../src/store/holds/release.ts';
import { type Story, tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const STORY: Story = {
  id: 'a',
  versions: [{ booked: '200' }],
  billings: [{ id: 'i', kind: 'invoice', amount: '100' }],
};
const CREDITED: Story = {
  ...STORY,
  billings: [
    ...(STORY.billings ?? []),
    { id: 'c', kind: 'credit of invoice', of: 'i', amount: '150', date: '2024-02-12' },
  ],
};

describe('a credit is judged by the newest form that counts of the invoice line it names', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org, settlement: true });
  const collect = () => collectOrg(database, org);
  const decision = () => ({
    org,
    lines: ['INV:i#2'],
    reason: 'Told by sales.',
    by: 'ann',
    request: `${org}-1`,
  });
  /** The invoice is collected with 100 and comes again with 190. */
  const invoicedAgain = async () => {
    await sync(tenantOf([STORY]));
    await collect();
    const [item] = tenantOf([STORY])['InvoiceItem'] ?? [];
    await sync({ InvoiceItem: [{ ...item, ChargeAmount: '190', UpdatedDate: '2024-02-01T00:00:00Z' }] });
    await collect();
  };
  const credited = async () => {
    await sync(tenantOf([CREDITED]));
    await collect();
    return (await linesOf(database, org).statuses()).find((line) => line.startsWith('CM:c '));
  };

  test('which is the one that was released and collected', async () => {
    await invoicedAgain();
    await releaseHold(database.db, { ...decision(), as: 'correction' });
    await collect();
    expect(await credited()).toBe('CM:c collected');
  });

  test('or comes along with the credit', async () => {
    await invoicedAgain();
    await releaseHold(database.db, { ...decision(), as: 'correction' });
    expect(await credited()).toBe('CM:c collected');
  });

  test('and not one that nobody decided on, or that was rejected', async () => {
    await invoicedAgain();
    expect(await credited()).toBe('CM:c stopped');
    await rejectHold(database.db, decision());
    expect(await credited()).toBe('CM:c stopped');
  });
});
