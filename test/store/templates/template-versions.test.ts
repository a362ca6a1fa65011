import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  findTemplate,
  listTemplates,
  lookForDefault,
  lookForTemplate,
} from '../../../src/store/templates/template-versions.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault, keptFrozen } from '../../support/kept-templates.ts';
import { recordTenant } from '../../support/sync-rows.ts';
import { invoiceTemplate, orderTemplate } from '../../support/templates.ts';

describe('template versions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'north', 'north');
    await recordTenant(database, 'south', 'south');
    await keptFrozen(database.db, invoiceTemplate({ name: 'N' }));
    await keptDefault(database.db, invoiceTemplate({ name: 'N', entity: 'north' }));
    await keptFrozen(database.db, orderTemplate({ name: 'S', entity: 'south' }));
  });
  afterAll(() => database.close());

  const ids = async (filter: Parameters<typeof listTemplates>[1]) =>
    (await listTemplates(database.db, filter)).flatMap(({ id, seeded }) => (seeded ? [] : [id]));
  const INV = 'Invoice Template (Pre-Configured)@1';

  test('are listed by name and version, and by what they are', async () => {
    expect(await ids({})).toEqual(['N@1', 'N@2', 'S@1']);
    expect(await ids({ type: 'SO' })).toEqual(['S@1']);
    expect(await ids({ status: 'frozen' })).toEqual(['N@1', 'S@1']);
    expect(await ids({ entity: 'north' })).toEqual(['N@2']);
    expect(await ids({ org: 'south' })).toEqual(['N@1', 'S@1']);
    const invoices = await listTemplates(database.db, { type: 'INV', status: 'default', org: 'south' });
    expect(invoices.map(({ id }) => id)).toEqual([INV]);
  });

  test('are found by name, the newest unless another is named', async () => {
    expect(await lookForTemplate(database.db, { name: 'N' })).toMatchObject({ version: 2 });
    expect(await lookForTemplate(database.db, { name: 'N', version: 1 })).toMatchObject({ entity: null });
    expect(await lookForTemplate(database.db, { name: 'X' })).toBeUndefined();
  });

  test('that are not there are said with what may be meant', async () => {
    await expect(findTemplate(database.db, { name: 'N', version: 9 })).rejects.toThrow(
      '"N" has no version 9.',
    );
    await expect(findTemplate(database.db, { name: 'invoice template (preconfigured)' })).rejects.toThrow(
      'Did you mean "Invoice Template (Pre-Configured)"?',
    );
  });

  test('that are in use are an entity’s own, else those for all', async () => {
    expect((await lookForDefault(database.db, 'INV', 'north'))?.id).toBe('N@2');
    expect((await lookForDefault(database.db, 'INV', 'south'))?.id).toBe(INV);
    expect((await lookForDefault(database.db, 'INV', null))?.id).toBe(INV);
    expect((await lookForDefault(database.db, 'INV', 'nobody'))?.id).toBe(INV);
  });
});
