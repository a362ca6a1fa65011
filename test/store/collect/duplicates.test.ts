import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Billing, type Story, tenantOf } from '../../support/charge-stories.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const INVOICE: Billing = { id: 'i1', kind: 'invoice', amount: '100' };
const YEAR: Story = { id: 'a', versions: [{ booked: '1200' }], billings: [INVOICE] };

describe('what two entities of an organisation deliver', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (entity: 'east' | 'west', story: Story = YEAR) =>
    syncRows(database, tenantOf([story]), { entity: `${org}-${entity}`, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const amounts = async () =>
    (await contractAmounts(database, org)).map(({ bookings, billings }) => ({ bookings, billings }));
  const ONCE = [{ bookings: '1200.00', billings: '100.00' }];

  test('is collected once when it comes together', async () => {
    await sync('west');
    await sync('east');
    expect(await collect()).toMatchObject({ collected: '2', stopped: '0', waiting: '0' });
    expect(await amounts()).toEqual(ONCE);
    expect((await lines().statuses()).toSorted()).toEqual([
      'INV:i1 collected',
      'INV:i1 superseded',
      'SO:a.1@1 collected',
      'SO:a.1@1 superseded',
    ]);
  });

  test.each([
    ['east', 'west'],
    ['west', 'east'],
  ] as const)('is collected once when %s comes before %s', async (first, second) => {
    await sync(first);
    await collect();
    await sync(second);
    expect(await collect()).toMatchObject({ collected: '0', stopped: '0', waiting: '0' });
    expect(await amounts()).toEqual(ONCE);
    expect(await lines().holds()).toEqual([]);
  });

  test('goes on from where the first one left it: a newer version counts whoever brings it', async () => {
    await sync('east');
    await collect();
    await sync('west', { ...YEAR, versions: [{ booked: '1200' }, { booked: '1300' }] });
    expect(await collect()).toMatchObject({ collected: '1' });
    expect(await amounts()).toEqual([{ bookings: '1300.00', billings: '100.00' }]);
  });

  test('is stopped where it says something else, with both amounts', async () => {
    await sync('east');
    await sync('west', { ...YEAR, billings: [{ ...INVOICE, amount: '70' }] });
    await collect();
    expect(await amounts()).toEqual(ONCE);
    expect(await lines().texts()).toEqual([
      expect.stringMatching(
        /^INV:i1 line-of-other-entity: The entity org-\d+-east .* over 100 USD, and this one is over 70 USD/,
      ),
    ]);
    await collect();
    expect(await lines().statuses()).toContain('INV:i1 stopped');
  });

  test('leaves alone what has the same id in another organisation', async () => {
    await sync('east');
    await collect();
    org = `${org}-b`;
    await sync('west', { ...YEAR, versions: [{ booked: '900' }] });
    expect(await collect()).toMatchObject({ collected: '2', stopped: '0' });
  });
});
