import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { LineType } from '../../schema/database.ts';
import { listContracts, showContract } from '../../src/store/contracts.ts';
import { recordEntities } from '../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

interface Collected {
  readonly line: string;
  readonly type: LineType;
  readonly soLineId: string;
  readonly amount: string;
  readonly currency: string;
}

/** A contract with its collected lines; each SO line id stands at its last SO line. */
async function makeContract(
  { db }: TestDatabase,
  { org, id, subscription = id }: { org: string; id: string; subscription?: string },
  lines: readonly Collected[],
): Promise<void> {
  await db
    .insertInto('revenue.contract')
    .values({ org, id, key: `${subscription}|1`, subscription, term: 1, version: 1 })
    .execute();
  await db
    .insertInto('revenue.line')
    .values(
      lines.map(({ soLineId, ...line }) => ({
        ...line,
        entity: org,
        org,
        contract: id,
        obligation: `POB-${soLineId}`,
        so_line_id: soLineId,
        collection: '1',
      })),
    )
    .execute();
  const bookings = new Map(lines.filter(({ type }) => type === 'SO').map((line) => [line.soLineId, line]));
  await db
    .insertInto('revenue.booking')
    .values(
      [...bookings.values()].map(({ line, soLineId, amount, currency }) => ({
        org,
        so_line_id: soLineId,
        contract: id,
        obligation: `POB-${soLineId}`,
        entity: org,
        line,
        version: '1',
        amount,
        currency,
      })),
    )
    .execute();
}

const so = (soLineId: string, amount: string, currency = 'USD', version = 1): Collected => ({
  line: `SO:${soLineId}@${version}`,
  type: 'SO',
  soLineId,
  amount,
  currency,
});
const billed = (
  type: LineType,
  id: string,
  soLineId: string,
  amount: string,
  currency = 'USD',
): Collected => ({
  line: `${type}:${id}`,
  type,
  soLineId,
  amount,
  currency,
});

describe('contracts', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordEntities(
      database.db,
      ['north', 'south'].map((entity) => ({
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
    [{ subscription: 'S-1' }, ['north RC-a']],
    [{ org: 'nowhere' }, []],
  ] as const)('filters and pages by %j', async (filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  test('shows the obligations with what is billed of each, and every collected line', async () => {
    const contract = await showContract(database.db, { id: 'RC-a', org: 'north' });
    expect(contract.obligationItems).toEqual([
      {
        soLineId: 'x.1',
        line: 'SO:x.1@2',
        version: '1',
        amount: '1200.50',
        billed: '250.25',
        currency: 'USD',
        entity: 'north',
      },
      expect.objectContaining({ soLineId: 'y.1', amount: '10.00', billed: '-0.255' }),
    ]);
    expect(contract.lineItems.map(({ line, amount, status }) => `${line} ${amount} ${status}`)).toEqual([
      'CM-C:4 -0.255 collected',
      'CM:3 -50.05 collected',
      'INV:1 100.10 collected',
      'INV:2 200.20 collected',
      'SO:x.1@1 1000.00 collected',
      'SO:x.1@2 1200.50 collected',
      'SO:y.1@1 10.00 collected',
    ]);
  });

  test('an unknown contract is told as such; one of two organisations has to be chosen', async () => {
    await expect(showContract(database.db, { id: 'RC-z' })).rejects.toMatchObject({
      code: 'CONTRACT_UNKNOWN',
      fate: 'fix-input',
      remedy: expect.stringContaining('contract list'),
    });
    await expect(showContract(database.db, { id: 'RC-b', org: 'south' })).rejects.toMatchObject({
      code: 'CONTRACT_UNKNOWN',
    });
    await expect(showContract(database.db, { id: 'RC-a' })).rejects.toMatchObject({
      code: 'CONTRACT_AMBIGUOUS',
      message: expect.stringContaining('north, south'),
      remedy: expect.stringContaining('--org'),
    });
  });

  test('a reader of one organisation sees the contracts of no other', async () => {
    const reader = await openReader(database, ['south']);
    try {
      expect(await listContracts(reader.db, {})).toMatchObject([{ org: 'south', bookings: '1.00' }]);
      expect(await showContract(reader.db, { id: 'RC-a' })).toMatchObject({ org: 'south' });
      await expect(showContract(reader.db, { id: 'RC-b' })).rejects.toMatchObject({
        code: 'CONTRACT_UNKNOWN',
      });
    } finally {
      await reader.close();
    }
  });

  test('a contract that collection made has its dates and its first version', async () => {
    await syncRows(database, sampleTenant());
    await collectOrg(database);
    const [listed] = await listContracts(database.db, { org: 'default' });
    const contract = await showContract(database.db, { id: listed?.id ?? '' });
    expect(contract).toMatchObject({ key: 'S-1|1', bookings: '1200.00', billings: '200.00', lines: 3 });
    expect(contract.lineItems.map(({ line, date }) => `${line} ${date}`)).toEqual([
      'INV:item1 2024-01-10',
      'INV:item2 2024-01-10',
      'SO:orig.1@1 2024-01-02',
    ]);
    expect(contract.versions).toEqual([
      {
        version: 1,
        cause: 'New contract',
        at: expect.stringMatching(/Z$/),
        by: 'revsync',
        changes: [{ line: 'SO:orig.1@1', amount: '1200', was: null, wasAmount: null }],
      },
    ]);
  });
});
