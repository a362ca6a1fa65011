import pg from 'pg';

import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { columnOf } from '../../src/domain/catalogue/define-object.ts';

/** The answer of one statement, on a connection of its own. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  values: readonly string[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Rows of an object as pre-staging has them, fields named as the API names them; `where` is SQL. */
export async function extractedRows(
  url: string,
  name: string,
  where: string,
  values: readonly string[] = [],
): Promise<Record<string, string>[]> {
  const object = objectOf(name);
  const rows = await rowsOf<{ row: Record<string, string | null> }>(
    url,
    `select (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t))) as row
       from prestaging."${object.table}" as t where ${where} order by t.id`,
    values,
  );
  return rows.map(({ row }) =>
    Object.fromEntries(
      Object.keys(object.fields).flatMap((field) => {
        const value = row[columnOf(object, field)];
        return value == null ? [] : [[field, value]];
      }),
    ),
  );
}
