import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { changedHomeCurrency, compareHomeCurrencies } from '../../../src/store/findings/home-currency.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('compareHomeCurrencies', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'north', 'nordic', 'EUR');
    await recordTenant(database, 'south', 'south', 'USD');
    await recordTenant(database, 'bare', 'south', null);
  });
  afterAll(() => database.close());

  const told = (north: string | null, south: string | null = 'USD', bare: string | null = null) =>
    compareHomeCurrencies(database.db, [
      { entity: 'north', homeCurrency: north },
      { entity: 'south', homeCurrency: south },
      { entity: 'bare', homeCurrency: bare },
    ]);
  const findings = () => listFindings(database.db, { finding: 'home-currency-changed' });

  test('finds nothing where Billing tells the same, nothing, or the first one', async () => {
    await told('EUR');
    await told(null, null, 'JPY');
    expect(await findings()).toEqual([]);
    expect(await changedHomeCurrency(database.db, 'north')).toBeUndefined();
  });

  test('finds the entity whose home currency is another, with both currencies', async () => {
    await told('SEK');
    expect(await findings()).toMatchObject([
      {
        entity: 'north',
        org: 'nordic',
        object: 'Entity',
        source: 'north',
        line: null,
        resolved: null,
        message: expect.stringMatching(
          /^Billing tells SEK as the home currency of entity north, which is EUR here/,
        ),
        remedy: expect.stringContaining('back to EUR'),
      },
    ]);
    expect(await changedHomeCurrency(database.db, 'north')).toEqual({
      entity: 'north',
      taken: 'EUR',
      told: 'SEK',
    });
    expect(await changedHomeCurrency(database.db, 'south')).toBeUndefined();
  });

  test('opens it once, and tells the newest currency', async () => {
    const [first] = await findings();
    await told('SEK');
    expect(await findings()).toEqual([first]);
    await told('NOK');
    const [now, ...others] = await findings();
    expect(others).toEqual([]);
    expect(now).toMatchObject({
      id: first?.id,
      since: first?.since,
      message: expect.stringContaining('NOK'),
    });
  });

  test('stays open where Billing tells none any more, and says so until it tells one', async () => {
    const [first] = await findings();
    await told(null);
    expect(await changedHomeCurrency(database.db, 'north')).toEqual({
      entity: 'north',
      taken: 'EUR',
      told: null,
    });
    const standing = await findings();
    expect(standing).toMatchObject([
      {
        id: first?.id,
        since: first?.since,
        resolved: null,
        message: expect.stringMatching(
          /^Billing tells no home currency of entity north any more, after another one than EUR/,
        ),
        remedy: expect.stringContaining('back to EUR'),
      },
    ]);
    await told(null);
    expect(await findings()).toEqual(standing);
    await told('NOK');
    expect(await findings()).toEqual([first]);
    await told(null);
  });

  test('is resolved by the old currency, and opened anew by another', async () => {
    const [before] = await findings();
    await told('EUR');
    expect(await changedHomeCurrency(database.db, 'north')).toBeUndefined();
    expect((await findings())[0]?.resolved).toMatch(/^\d{4}-/);
    await told('SEK');
    const [again, ...others] = await findings();
    expect(others).toEqual([]);
    expect(again).toMatchObject({ id: before?.id, resolved: null });
    expect(again?.since).not.toBe(before?.since);
  });

  test('belongs to no run', async () => {
    const { rows } = await sql<{ run: string | null }>`select run from staging.finding`.execute(database.db);
    expect(rows).toEqual([{ run: null }]);
  });
});
