import pg from 'pg';

import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { columnOf } from '../../src/domain/catalogue/define-object.ts';
import { until } from '../support/command-line.ts';

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

/** Keeps everybody else from writing to a table. */
export interface HeldTable {
  /** Resolves as soon as somebody waits for the table. */
  waitedFor(): Promise<void>;
  /** Lets them go on; also when the database is gone. */
  release(): Promise<void>;
}

/** Holds a table, so that whoever writes to it stops there, in the middle of what it does. */
export async function holdTable(url: string, table: string): Promise<HeldTable> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the server may be killed meanwhile
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in share row exclusive mode`);
  return {
    async waitedFor() {
      await until(
        `somebody writes to ${table}`,
        async () => {
          const { rowCount } = await client.query(
            'select from pg_locks where relation = $1::regclass and not granted',
            [table],
          );
          return (rowCount ?? 0) > 0;
        },
        // Whoever takes over from a killed worker is heard of after a heartbeat's time-out, and may then have to
        // wait out a sticky queue and a call that Billing refuses for now.
        180_000,
      );
    },
    release: () => client.end().catch(() => undefined),
  };
}
