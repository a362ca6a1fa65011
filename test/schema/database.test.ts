import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../src/domain/catalogue/catalogue.ts';
import { columnOf } from '../../src/domain/catalogue/define-object.ts';
import { STAGING_FIELDS } from '../../src/domain/mapping/staging-fields.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const TYPES = {
  text: 'text',
  integer: 'integer',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp with time zone',
} as const;
const INPUT_TYPES = { Character: 'text', Number: 'numeric', Date: 'date' } as const;
const OURS = ['entity', 'org', 'id', 'changed_run', 'fingerprint', 'deleted', 'custom'];

describe('the schema', () => {
  let database: TestDatabase;
  let columns: Map<string, Map<string, string>>;
  beforeAll(async () => {
    database = await openTestDatabase();
    const { rows } = await sql<{ name: string; column_name: string; data_type: string }>`
      select table_schema || '.' || table_name as name, column_name, data_type from information_schema.columns
      where table_schema in ('control', 'prestaging', 'staging', 'revenue')`.execute(database.db);
    columns = new Map();
    for (const { name, column_name, data_type } of rows) {
      const table = columns.get(name) ?? new Map<string, string>();
      columns.set(name, table.set(column_name, data_type));
    }
  });
  afterAll(() => database.close());

  test.each(CATALOGUE.map((object) => [object.name, object] as const))(
    'has a pre-staging table of %s with exactly the columns of the catalogue',
    (_name, object) => {
      const found = columns.get(`prestaging.${object.table}`);
      const fields = Object.entries(object.fields).map(
        ([field, type]) => [columnOf(object, field), TYPES[type]] as const,
      );
      for (const [column, type] of fields) if (column !== 'id') expect(found?.get(column), column).toBe(type);
      expect(new Set(found?.keys())).toEqual(new Set([...OURS, ...fields.map(([column]) => column)]));
    },
  );

  test('has every staging field as a column of its type', () => {
    const found = columns.get('staging.line');
    for (const { column, type } of STAGING_FIELDS) expect(found?.get(column), column).toBe(INPUT_TYPES[type]);
  });

  test('has every table and column that schema/database.ts names, and names every table', async () => {
    const text = await readFile(join(import.meta.dirname, '..', '..', 'schema', 'database.ts'), 'utf8');
    const interfaces = new Map(
      [...text.matchAll(/interface (\w+) \{([^}]*)\}/g)].map(([, name, body]) => [
        name,
        [...(body ?? '').matchAll(/^\s+(\w+):/gm)].map(([, column]) => column ?? ''),
      ]),
    );
    const tables = [...text.matchAll(/'(\w+\.\w+)': (\w+);/g)].map(([, table, type]) => ({
      table: table ?? '',
      type,
    }));
    for (const { table, type } of tables) {
      const found = columns.get(table);
      const named = interfaces.get(type) ?? [];
      expect(
        named.filter((column) => found?.has(column) !== true),
        table,
      ).toEqual([]);
      if (table !== 'staging.line')
        expect([...(found?.keys() ?? [])].toSorted(), table).toEqual(named.toSorted());
    }
    const named = new Set(tables.map(({ table }) => table));
    const others = [...columns.keys()].filter(
      (table) => !table.startsWith('prestaging.') && !named.has(table),
    );
    expect(others).toEqual([]);
  });

  test('protects every table that has an organisation by forced row security with a policy', async () => {
    const { rows } = await sql<{ name: string }>`
      select n.nspname || '.' || c.relname as name
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      join pg_attribute as a on a.attrelid = c.oid and a.attname = 'org'
      where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and c.relkind in ('r', 'p') and not c.relispartition
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select from pg_policy as p where p.polrelid = c.oid))`.execute(database.db);
    expect(rows).toEqual([]);
  });

  test('names every constraint', async () => {
    const { rows } = await sql<{ conname: string }>`
      select conname from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace
      where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and contype in ('p', 'u', 'f', 'c')
        and conname ~ '(_pkey|_fkey|_check[0-9]*)$'`.execute(database.db);
    expect(rows).toEqual([]);
  });

  test('gives readers no way to write', async () => {
    const { rows } = await sql<{ table: string }>`
      select table_schema || '.' || table_name as table from information_schema.role_table_grants
      where grantee = 'revsync_reader' and privilege_type <> 'SELECT'`.execute(database.db);
    expect(rows).toEqual([]);
  });

  test('counts months of a span: whole months, and part months by the days of that month', async () => {
    const { rows } = await sql<{ months: string }>`
      select staging.months(s::date, e::date)::text as months from (values
        ('2020-01-01', '2021-01-01'), ('2021-01-10', '2021-02-15'), ('2021-01-27', '2021-02-01'),
        ('2024-02-01', '2024-03-01'), ('2024-02-29', '2024-03-01'), ('2024-01-01', '2024-01-01')) as v (s, e)`.execute(
      database.db,
    );
    expect(rows.map(({ months }) => months)).toEqual([
      '12.000000',
      '1.209677', // 22/31 of January and 14/28 of February
      '0.161290', // 5/31
      '1.000000',
      '0.034483', // 1/29
      null,
    ]);
  });
});
