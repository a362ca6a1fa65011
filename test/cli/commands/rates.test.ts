import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordRates } from '../../../src/store/rates/record-rates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('revsync rates', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });
  const record = (to: string, day: string, rate: string, providerDay: string | null = null) =>
    database.db
      .transaction()
      .execute((trx) =>
        recordRates(trx, { entity: 'demo', by: 'exchange-rate-sync/demo', source: 'custom-exchange-rates' }, [
          { from: 'USD', to, day, rate, inverse: true, rateSet: 'Default', providerDay },
        ]),
      );
  const ids = async (...argv: string[]) =>
    ((await revsync('rates', 'list', '--json', ...argv)).json() as { id: string }[]).map(({ id }) => id);

  test('list says how to get some while there are none', async () => {
    await recordTenant(database);
    expect((await revsync('rates', 'list')).stdout).toContain('revsync rates run');
    expect((await revsync('rates', 'list', '--json')).stdout).toBe('[]\n');
  });

  test('list shows every version with its provenance', async () => {
    await record('EUR', '2024-01-01', '1.0800');
    await record('EUR', '2024-01-01', '1.09', '2023-12-31');
    await record('JPY', '2024-01-02', '0.0064');
    const { exit, json } = await revsync('rates', 'list', '--json');
    expect(exit).toBe(0);
    const common = {
      entity: 'demo',
      org: 'default',
      from: 'USD',
      inverse: true,
      source: 'custom-exchange-rates',
      rateSet: 'Default',
      recordedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      recordedBy: 'exchange-rate-sync/demo',
    };
    const first = { ...common, to: 'EUR', day: '2024-01-01' };
    expect(json()).toEqual([
      { id: 'demo:USD:EUR:2024-01-01:1', ...first, version: '1', rate: '1.08', providerDay: null },
      { id: 'demo:USD:EUR:2024-01-01:2', ...first, version: '2', rate: '1.09', providerDay: '2023-12-31' },
      {
        id: 'demo:USD:JPY:2024-01-02:1',
        ...common,
        to: 'JPY',
        day: '2024-01-02',
        version: '1',
        rate: '0.0064',
        providerDay: null,
      },
    ]);
    expect((await revsync('rates', 'list')).stdout).toMatch(
      /demo +USD +EUR +2024-01-01 +2 +1\.09 +inverse +custom-exchange-rates +Default +2023-12-31 /,
    );
  });

  test('list takes a currency, a day, and goes on after an id', async () => {
    expect(await ids('--to-currency', 'jpy')).toEqual(['demo:USD:JPY:2024-01-02:1']);
    expect(await ids('--from-currency', 'EUR')).toEqual([]);
    expect(await ids('--day', '2024-01-01', '--limit', '1')).toEqual(['demo:USD:EUR:2024-01-01:1']);
    expect(await ids('--entity', 'Acme', '--after', 'demo:USD:EUR:2024-01-01:1')).toEqual([
      'demo:USD:EUR:2024-01-01:2',
      'demo:USD:JPY:2024-01-02:1',
    ]);
    expect(await ids('--org', 'default', '--after', 'demo:USD:JPY:2024-01-02:1')).toEqual([]);
  });

  test.each([
    ['list', '--day', '2024-02-30'],
    ['list', '--after', 'demo:USD'],
    ['list', '--after', "demo:USD:EUR:2024-01-01:1' or true"],
    ['run', '--from', '2024-02-30'],
    ['run', '--from', '2024-02-02', '--to', '2024-02-01'],
    ['run', '--currencies', 'EURO'],
    ['run', '--currencies', ''],
  ])('%s %s %s is refused before anything is started', async (...argv) => {
    const { exit, json } = await revsync('rates', ...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'USAGE', remedy: expect.any(String) } }]);
  });

  test('list names the entities there are', async () => {
    const { exit, json } = await revsync('rates', 'list', '--entity', 'nobody', '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'ENTITY_UNKNOWN' } }]);
  });
});
