import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { columnsRead } from '../../../src/store/lines/columns-read.ts';
import type { ComputedJoin } from '../../../src/store/transform/derivation.ts';
import { valuesJoin } from '../../../src/store/transform/values-join.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

describe('columnsRead', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const read = (expression: ReturnType<typeof sql>, computed: readonly ComputedJoin[] = []) =>
    columnsRead(database.db, expression, computed).map(({ alias, column, custom }) =>
      [alias, column, custom].filter((part) => part !== null).join(' '),
    );

  test('finds columns however they are quoted, under any path, each once', () => {
    const column = sql.id('Subscription.InvoiceOwner', 'name');
    expect(read(sql`coalesce("Charge".name, ${column}, upper("Charge".name), 'a literal')`)).toEqual([
      'Charge name',
      'Subscription.InvoiceOwner name',
    ]);
  });

  test('tells which custom field is read', () => {
    expect(read(sql`(${sql.id('Charge', 'custom')} ->> ${sql.lit('Region__c')})`)).toEqual([
      'Charge custom Region__c',
    ]);
  });

  test('follows the names of computed joins to what they stand for, and only those that are used', () => {
    const facts = valuesJoin('Facts', { amount: sql`"Item".amount`, key: sql`"Item".charge_id` });
    const alone = valuesJoin('Alone', { standalone: sql`"Facts".key is null` });
    const form: ComputedJoin = {
      alias: 'Form',
      kind: 'run',
      clause: sql`join "f" as "Form" on "Form".standalone = "Alone".standalone`,
    };
    const joins = [facts, alone, form];
    expect(read(sql`"Facts".amount`, joins)).toEqual(['Item amount']);
    expect(read(sql`case when "Form".booking then "Charge".name end`, joins)).toEqual([
      'Item charge_id',
      'Charge name',
    ]);
  });
});
