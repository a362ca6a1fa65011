import { type RawBuilder, sql } from 'kysely';

/** The n of a line's id that ends in `#n`, else 1. */
export const formOf = (id: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`coalesce(substring(${id} from '#(\\d+)$')::integer, 1)`;
