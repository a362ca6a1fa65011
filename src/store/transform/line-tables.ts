import { type RawBuilder, sql } from 'kysely';

/** The tables in which lines are formed. A dry run has its own, which look the same. */
export interface LineTables {
  readonly line: RawBuilder<unknown>;
  readonly state: RawBuilder<unknown>;
  readonly hold: RawBuilder<unknown>;
}

const inSchema = (schema: string): LineTables => ({
  line: sql.table(`${schema}.line`),
  state: sql.table(`${schema}.line_state`),
  hold: sql.table(`${schema}.hold`),
});

/** Where lines are. */
export const STAGING = inSchema('staging');

/** Tables of the session alone, under the same names. */
export const TEMPORARY = inSchema('pg_temp');
