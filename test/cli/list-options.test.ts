import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { entityKey, knownOrg, numberAfter, oneOrg, wholeNumber } from '../../src/cli/list-options.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { recordTenant } from '../support/sync-rows.ts';

const usage = expect.objectContaining({ code: 'USAGE', fate: 'fix-input' });

describe('options of the lists', () => {
  test.each(['0', '-1', '1.5', 'many', '', '1e3', '01', '9'.repeat(16)])('--limit refuses "%s"', (text) => {
    expect(() => wholeNumber('--limit', text)).toThrow(usage);
  });

  test('--limit takes positive whole numbers', () => {
    expect(wholeNumber('--limit', '1')).toBe(1);
    expect(wholeNumber('--limit', '250000')).toBe(250_000);
  });

  test('--after of a numbered list takes a number', () => {
    expect(numberAfter('17')).toBe('17');
    expect(numberAfter(undefined)).toBeUndefined();
    expect(() => numberAfter('INV:1')).toThrow(usage);
  });
});

describe('organisations and entities of the lists', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('without any organisation, there is none to take', async () => {
    await expect(oneOrg(database.db, undefined)).rejects.toMatchObject({
      code: 'ORGANIZATION_NEEDED',
      message: expect.stringContaining('no organisation yet'),
    });
  });

  test('the only organisation need not be named; of several, one has to be', async () => {
    await recordTenant(database, 'demo', 'north');
    expect(await oneOrg(database.db, undefined)).toBe('north');
    await recordTenant(database, 'other', 'south');
    await expect(oneOrg(database.db, undefined)).rejects.toMatchObject({
      code: 'ORGANIZATION_NEEDED',
      fate: 'fix-input',
      message: expect.stringContaining('north, south'),
    });
    expect(await oneOrg(database.db, 'south')).toBe('south');
  });

  test('an unknown organisation or entity is refused with those there are', async () => {
    await expect(knownOrg(database.db, 'west')).rejects.toMatchObject({
      code: 'ORGANIZATION_UNKNOWN',
      fate: 'fix-input',
      message: expect.stringContaining('north, south'),
    });
    expect(await knownOrg(database.db, undefined)).toBeUndefined();
    await expect(entityKey(database.db, 'west')).rejects.toMatchObject({ code: 'ENTITY_UNKNOWN' });
    expect(await entityKey(database.db, 'demo')).toBe('demo');
  });
});
