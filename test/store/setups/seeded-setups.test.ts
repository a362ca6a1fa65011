import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { GROUPING } from '../../../src/domain/grouping/grouping-setup.ts';
import { SETUP_KINDS } from '../../../src/domain/setups/kinds.ts';
import { ensureSeededSetups } from '../../../src/store/setups/seeded-setups.ts';
import { listSetups } from '../../../src/store/setups/setup-versions.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { run } from '../../support/server-database.ts';
import { usedSetup } from '../../support/setups.ts';

const NAME = 'Subscription and Term';

describe('ensureSeededSetups', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => run(database.url, 'truncate revenue.setup'));
  afterAll(() => database.close());

  const ensure = () => ensureSeededSetups(database.db);
  const states = async () =>
    (await listSetups(database.db, 'grouping'))
      .filter(({ name }) => name !== 'Customer')
      .map(({ id, status, seeded }) => [id, status, seeded]);
  /** As an older revsync would have kept it. */
  const outdate = () =>
    run(
      database.url,
      `alter table revenue.setup disable trigger setup_life_cycle;
       update revenue.setup set body = '{"rules": []}' where name = '${NAME}' and seeded;
       alter table revenue.setup enable trigger setup_life_cycle`,
    );

  test('keeps those of every kind once, however many begin at once', async () => {
    await Promise.all([ensure(), ensure()]);
    await ensure();
    for (const { kind, seeds } of SETUP_KINDS) {
      const found = await listSetups(database.db, kind);
      expect(found.map(({ id, status, seeded, body }) => ({ id, status, seeded, body }))).toEqual(
        seeds
          .map(({ name, isDefault, body }) => ({
            id: `${name}@1`,
            status: isDefault ? 'default' : 'frozen',
            seeded: true,
            body,
          }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
    }
    expect(GROUPING.seeds).toHaveLength(2);
  });

  test('follows the code by a next version, which takes the place of the one before', async () => {
    await ensure();
    await outdate();
    await ensure();
    expect(await states()).toEqual([
      [`${NAME}@1`, 'frozen', true],
      [`${NAME}@2`, 'default', true],
    ]);
  });

  test('leaves alone what people made, also under the name of a pre-configured one', async () => {
    await ensure();
    await usedSetup(database.db, 'grouping', { name: NAME, rules: [{ seq: 1, keys: ['ATR1'] }] });
    await ensure();
    expect(await states()).toEqual([
      [`${NAME}@1`, 'frozen', true],
      [`${NAME}@2`, 'default', false],
    ]);
    await outdate();
    await ensure();
    expect(await states()).toEqual([
      [`${NAME}@1`, 'frozen', true],
      [`${NAME}@2`, 'default', false],
      [`${NAME}@3`, 'frozen', true],
    ]);
  });
});
