import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listContracts } from '../../src/store/contracts.ts';
import { recordEntities } from '../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { billed, makeContract, so } from '../support/made-contracts.ts';
import { openReader } from '../support/reader.ts';

describe('contracts', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordEntities(
      database.db,
      ['north', 'south', 'west'].map((entity) => ({
        entity,
        org: entity,
        billingId: null,
        entityName: entity,
        displayName: entity,
        parent: null,
        timezone: null,
        homeCurrency: null,
      })),
    );
    await makeContract(database, { org: 'north', id: 'RC-a', subscription: 'S-1' }, [
      so('x.1', '1000'),
      so('x.1', '1200.5', 'USD', 2),
      so('y.1', '10'),
      billed('INV', '1', 'x.1', '100.10'),
      billed('INV', '2', 'x.1', '200.2'),
      billed('CM', '3', 'x.1', '-50.05'),
      billed('CM-C', '4', 'y.1', '-0.255'),
    ]);
    await makeContract(database, { org: 'north', id: 'RC-b' }, [
      so('u.1', '500', 'USD'),
      so('j.1', '9000', 'JPY'),
      billed('INV', '5', 'j.1', '3000', 'JPY'),
      billed('INV', '6', 'u.1', '7', 'USD'),
    ]);
    await makeContract(database, { org: 'north', id: 'RC-c' }, [so('k.1', '7.5', 'KWD')]);
    await makeContract(database, { org: 'south', id: 'RC-a' }, [so('s.1', '1')]);
  });
  afterAll(() => database.close());

  const ids = async (filter: Parameters<typeof listContracts>[1]) =>
    (await listContracts(database.db, filter)).map(({ org, id }) => `${org} ${id}`);

  test('books each SO line once, at its newest version, and takes credits off the billings', async () => {
    const [contract] = await listContracts(database.db, { org: 'north' });
    expect(contract).toEqual({
      id: 'RC-a',
      org: 'north',
      key: 'S-1|1',
      version: 1,
      currency: 'USD',
      mixed: false,
      bookings: '1210.50',
      billings: '249.995',
      status: 'open',
      lines: 7,
      obligations: 2,
      amounts: [{ currency: 'USD', bookings: '1210.50', billings: '249.995' }],
    });
  });

  test('adds up no two currencies: of several, the first by code stands for the contract', async () => {
    const [contract] = await listContracts(database.db, { org: 'north', after: 'RC-a' });
    expect(contract).toMatchObject({
      currency: 'JPY',
      mixed: true,
      bookings: '9000',
      billings: '3000',
      lines: 4,
      obligations: 2,
      amounts: [
        { currency: 'JPY', bookings: '9000', billings: '3000' },
        { currency: 'USD', bookings: '500.00', billings: '7.00' },
      ],
    });
  });

  test('has the decimals of its currency, and none billed is zero', async () => {
    const [contract] = await listContracts(database.db, { after: 'RC-b' });
    expect(contract).toMatchObject({ bookings: '7.500', billings: '0.000' });
  });

  test.each([
    [{}, ['north RC-a', 'south RC-a', 'north RC-b', 'north RC-c']],
    [{ org: 'north' }, ['north RC-a', 'north RC-b', 'north RC-c']],
    [{ org: 'north', limit: 2 }, ['north RC-a', 'north RC-b']],
    [{ org: 'north', limit: 2, after: 'RC-b' }, ['north RC-c']],
    [{ org: 'nowhere' }, []],
  ] as const)('filters and pages by %j', async (filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  test('a reader of one organisation sees the contracts of no other', async () => {
    const reader = await openReader(database, ['south']);
    try {
      expect(await listContracts(reader.db, {})).toMatchObject([{ org: 'south', bookings: '1.00' }]);
    } finally {
      await reader.close();
    }
  });

  test('counts what invoices lift, but no credit that the integration made; segments share an obligation', async () => {
    await makeContract(database, { org: 'west', id: 'RC-w' }, [
      so('w.1', '100'),
      so('w.2', '20'),
      so('v.1', '1'),
      billed('INV', '7', 'w.1', '130'),
    ]);
    await database.db
      .updateTable('revenue.booking')
      .set({ lifted: '25' })
      .where('so_line_id', '=', 'w.1')
      .execute();
    await database.db
      .insertInto('revenue.system_credit')
      .values({
        org: 'west',
        so_line_id: 'w.1',
        type: 'CM-C',
        contract: 'RC-w',
        amount: '-5',
        currency: 'USD',
        cause: 'test',
      })
      .execute();
    expect(await listContracts(database.db, { org: 'west' })).toMatchObject([
      { bookings: '146.00', billings: '130.00', lines: 4, obligations: 2 },
    ]);
  });
});
