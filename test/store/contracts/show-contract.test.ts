import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listContracts } from '../../../src/store/contracts.ts';
import { showContract } from '../../../src/store/contracts/show-contract.ts';
import { recordEntities } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { billed, makeContract, so } from '../../support/made-contracts.ts';
import { openReader } from '../../support/reader.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

describe('a contract that is shown', () => {
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
      so('x.2', '20'),
      so('y.1', '10'),
      billed('INV', '1', 'x.1', '100.10'),
      billed('INV', '2', 'x.1', '200.2'),
      billed('CM', '3', 'x.1', '-50.05'),
      billed('CM-C', '4', 'y.1', '-0.255'),
    ]);
    await makeContract(database, { org: 'north', id: 'RC-b' }, [so('u.1', '500')]);
    await makeContract(database, { org: 'south', id: 'RC-a' }, [so('s.1', '1')]);
  });
  afterAll(() => database.close());

  test('has its obligations with their terms, and what is billed of each of their SO lines', async () => {
    const { obligationItems } = await showContract(database.db, { id: 'RC-a', org: 'north' });
    expect(obligationItems).toMatchObject([
      {
        name: 'x',
        template: 'Ratable',
        assignedBy: 'automatic',
        setup: 'Pre-Configured@1',
        ratableMethod: 'Ratable',
        releaseEvent: 'Upon Booking',
        soLines: [
          {
            soLineId: 'x.1',
            line: 'SO:x.1@2',
            version: '1',
            amount: '1200.50',
            lifted: '0.00',
            billed: '250.25',
            currency: 'USD',
            entity: 'north',
          },
          { soLineId: 'x.2', amount: '20.00', billed: '0.00' },
        ],
      },
      { name: 'y', soLines: [{ soLineId: 'y.1', amount: '10.00', billed: '-0.255' }] },
    ]);
  });

  test('has every collected line, and beside them the credits that the integration made', async () => {
    await database.db
      .insertInto('revenue.system_credit')
      .values({
        org: 'north',
        so_line_id: 'y.1',
        type: 'CM-RO',
        contract: 'RC-a',
        amount: '0.255',
        currency: 'USD',
        cause: 'test',
      })
      .execute();
    const { lineItems, lines } = await showContract(database.db, { id: 'RC-a', org: 'north' });
    expect(lineItems.map(({ line, amount, system }) => `${line} ${amount} ${system}`)).toEqual([
      'CM-C:4 -0.255 false',
      'CM-RO:REVSYNC-y.1 0.255 true',
      'CM:3 -50.05 false',
      'INV:1 100.10 false',
      'INV:2 200.20 false',
      'SO:x.1@1 1000.00 false',
      'SO:x.1@2 1200.50 false',
      'SO:x.2@1 20.00 false',
      'SO:y.1@1 10.00 false',
    ]);
    expect(lines).toBe(8);
  });

  test('that is unknown is told as such; one of two organisations has to be chosen', async () => {
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

  test('is shown to a reader of its organisation, and to no other', async () => {
    const reader = await openReader(database, ['south']);
    try {
      expect(await showContract(reader.db, { id: 'RC-a' })).toMatchObject({ org: 'south' });
      await expect(showContract(reader.db, { id: 'RC-b' })).rejects.toMatchObject({
        code: 'CONTRACT_UNKNOWN',
      });
    } finally {
      await reader.close();
    }
  });

  test('and that collection made has its dates, its origin, its terms and its first version', async () => {
    await syncRows(database, sampleTenant());
    await collectOrg(database);
    const [listed] = await listContracts(database.db, { org: 'default' });
    const contract = await showContract(database.db, { id: listed?.id ?? '' });
    expect(contract).toMatchObject({
      key: 'S-1|1',
      status: 'open',
      origin: 'collection',
      rule: 1,
      holds: [],
      bookings: '1200.00',
      billings: '200.00',
      lines: 3,
    });
    expect(contract.lineItems.map(({ line, date }) => `${line} ${date}`)).toEqual([
      'INV:item1 2024-01-10',
      'INV:item2 2024-01-10',
      'SO:orig.1@1 2024-01-02',
    ]);
    expect(contract.obligationItems).toMatchObject([
      {
        name: 'Monthly fee',
        charge: 'orig',
        template: 'Ratable',
        assignedBy: 'automatic',
        soLines: [{ start: '2024-01-01', end: '2025-01-01', quantity: '2', invoiceDriven: false }],
      },
    ]);
    expect(contract.versions).toEqual([
      {
        version: 1,
        cause: 'New contract',
        at: expect.stringMatching(/Z$/),
        by: 'revsync',
        changes: [
          {
            action: 'new-so',
            soLineId: 'orig.1',
            line: 'SO:orig.1@1',
            was: null,
            amount: '1200.00',
            wasAmount: null,
            currency: 'USD',
            orderAction: 'Create subscription',
            category: 'new-pob',
            skipCtMod: false,
            fields: {},
          },
        ],
      },
    ]);
  });
});
