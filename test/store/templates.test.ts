import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { INVOICE_ITEM_TEMPLATE } from '../../src/domain/mapping/seeded/invoice-item.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import { defaultTemplates, ensureSeededTemplates, missingTypes } from '../../src/store/templates.ts';
import { listTemplates } from '../../src/store/templates/template-versions.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { run } from '../support/server-database.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { invoiceTemplate } from '../support/templates.ts';

describe('ensureSeededTemplates', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => run(database.url, 'truncate staging.transaction_template'));
  afterAll(() => database.close());

  const states = async () =>
    (await listTemplates(database.db, { type: 'INV' })).map(({ id, status, seeded }) => [id, status, seeded]);
  const name = INVOICE_ITEM_TEMPLATE.name;
  /** As an older revsync would have kept it. */
  const outdate = () =>
    run(
      database.url,
      `alter table staging.transaction_template disable trigger transaction_template_life_cycle;
       update staging.transaction_template set body = body - 'constants' where type = 'INV' and seeded;
       alter table staging.transaction_template enable trigger transaction_template_life_cycle`,
    );

  test('makes the pre-configured templates the defaults, once', async () => {
    await Promise.all([ensureSeededTemplates(database.db), ensureSeededTemplates(database.db)]);
    await ensureSeededTemplates(database.db);
    expect(await states()).toEqual([[`${name}@1`, 'default', true]]);
    const defaults = await defaultTemplates(database.db, 'demo');
    expect(defaults.map(({ body }) => body)).toEqual(SEEDED_TEMPLATES);
    expect(missingTypes(defaults, true)).toEqual([]);
    expect(missingTypes(defaults, false)).toEqual([]);
  });

  test('follows the code by a next version, which takes the place of the one before', async () => {
    await ensureSeededTemplates(database.db);
    await outdate();
    await ensureSeededTemplates(database.db);
    expect(await states()).toEqual([
      [`${name}@1`, 'frozen', true],
      [`${name}@2`, 'default', true],
    ]);
  });

  test('leaves alone what people made, also under the name of a pre-configured template', async () => {
    await ensureSeededTemplates(database.db);
    await keptDefault(
      database.db,
      invoiceTemplate({ name, constants: [{ to: 'ATR1', type: 'Character', value: 'x' }] }),
    );
    await ensureSeededTemplates(database.db);
    expect(await states()).toEqual([
      [`${name}@1`, 'frozen', true],
      [`${name}@2`, 'default', false],
    ]);
    await outdate();
    await ensureSeededTemplates(database.db);
    expect(await states()).toEqual([
      [`${name}@1`, 'frozen', true],
      [`${name}@2`, 'default', false],
      [`${name}@3`, 'frozen', true],
    ]);
  });
});

describe('defaultTemplates', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await ensureSeededTemplates(database.db);
    await keptDefault(database.db, invoiceTemplate({ name: 'US invoices', entity: 'US' }));
  });
  afterAll(() => database.close());

  test('are an entity’s own, else those for all, bookings first', async () => {
    const names = async (entity: string) =>
      (await defaultTemplates(database.db, entity)).map((each) => each.name);
    const own = (each: string) => (each === INVOICE_ITEM_TEMPLATE.name ? 'US invoices' : each);
    const seeded = SEEDED_TEMPLATES.map((each) => each.name);
    expect(await names('US')).toEqual(seeded.map(own));
    expect(await names('EU')).toEqual(seeded);
  });

  test('name the types that lack one', async () => {
    await run(
      database.url,
      `update staging.transaction_template set status = 'frozen' where entity is null and status = 'default'`,
    );
    const [none, own] = [
      await defaultTemplates(database.db, 'EU'),
      await defaultTemplates(database.db, 'US'),
    ];
    expect(missingTypes(none, null)).toEqual(['SO', 'INV']);
    expect(missingTypes(none, false)).toEqual(['SO', 'INV', 'IIA']);
    expect(missingTypes(none, true)).toEqual(['SO', 'INV', 'CM', 'DM']);
    expect(missingTypes(own, false)).toEqual(['SO', 'IIA']);
  });
});
