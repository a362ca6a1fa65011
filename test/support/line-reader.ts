import { sql } from 'kysely';

import type { TestDatabase } from './database.ts';

/** A line by column, with its status; numbers as PostgreSQL writes them. */
export type ReadLine = Readonly<Record<string, string | null>>;

/** Reads what became of an entity's rows. */
export function lineReader({ db }: Pick<TestDatabase, 'db'>) {
  const lines = async (entity: string): Promise<ReadLine[]> => {
    const { rows } = await sql<ReadLine>`
      select l.*, trim_scale(l.ext_sell_price)::text as amount, coalesce(s.status, 'collected') as status
      from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      where l.entity = ${entity} order by l.id collate "C"`.execute(db);
    return rows;
  };
  return {
    lines,
    line: async (entity: string, id: string): Promise<ReadLine | undefined> =>
      (await lines(entity)).find((each) => each['id'] === id),
    ids: async (entity: string): Promise<(string | null | undefined)[]> =>
      (await lines(entity)).map(({ id }) => id),
    /** `<line> <limitation>: <message>`. */
    holds: async (entity: string): Promise<string[]> => {
      const { rows } = await sql<{ hold: string }>`
        select line || ' ' || limitation || ': ' || message as hold from staging.hold
        where entity = ${entity} order by line collate "C", limitation`.execute(db);
      return rows.map(({ hold }) => hold);
    },
  };
}
