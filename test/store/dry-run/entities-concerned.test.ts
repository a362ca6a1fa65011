import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { entitiesConcerned } from '../../../src/store/dry-run/entities-concerned.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { openReader } from '../../support/reader.ts';
import { run } from '../../support/server-database.ts';
import { recordTenant } from '../../support/sync-rows.ts';
import { invoiceTemplate } from '../../support/templates.ts';

describe('the entities that a change of template concerns', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    for (const entity of ['north', 'south', 'west']) await recordTenant(database, entity, entity);
    await keptDefault(database.db, invoiceTemplate({ name: 'West', entity: 'west' }));
  });
  afterAll(() => database.close());

  const forAll = invoiceTemplate();
  const forWest = invoiceTemplate({ entity: 'west' });
  const concerned = async (...[before, after, asked]: [typeof forAll, typeof forAll, string?]) => {
    const { entities } = await entitiesConcerned(database.db, { before, after, asked });
    return entities.map(({ entity }) => entity);
  };

  test('are those without a default of their own', async () => {
    expect(await concerned(forAll, forAll)).toEqual(['north', 'south']);
  });

  test('are the one that either template is for', async () => {
    expect(await concerned(forAll, forWest)).toEqual(['west']);
    expect(await concerned(forWest, forAll)).toEqual(['west']);
  });

  test('are the one asked for, whatever it uses', async () => {
    expect(await concerned(forAll, forAll, 'west')).toEqual(['west']);
  });

  test('are none, with a reason, where the template’s entity is not there yet', async () => {
    const after = invoiceTemplate({ entity: 'east' });
    expect(await entitiesConcerned(database.db, { before: forAll, after })).toEqual({
      entities: [],
      why: 'There is no entity east yet',
    });
  });

  test('are none, with a reason, where each has a default of its own', async () => {
    const fresh = await openTestDatabase();
    try {
      await recordTenant(fresh, 'west', 'west');
      await keptDefault(fresh.db, forWest);
      expect(await entitiesConcerned(fresh.db, { before: forAll, after: forAll })).toEqual({
        entities: [],
        why: 'Every entity has a default template of type INV of its own',
      });
    } finally {
      await fresh.close();
    }
  });

  test('are none, with a reason, for a login that may make no temporary tables', async () => {
    const fresh = await openTestDatabase();
    await recordTenant(fresh, 'north', 'north');
    const reader = await openReader(fresh, ['north']);
    try {
      await run(
        fresh.url,
        `revoke temporary on database ${new URL(fresh.url).pathname.slice(1)} from public`,
      );
      expect(await entitiesConcerned(reader.db, { before: forAll, after: forAll })).toEqual({
        entities: [],
        why: 'This login may not make temporary tables in the database',
      });
    } finally {
      await reader.close();
      await fresh.close();
    }
  });
});
