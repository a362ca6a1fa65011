import { type RawBuilder, sql } from 'kysely';

import type { LimitationId } from '../domain/limitations.ts';
import type { Footprint, Hit } from './limitation.ts';

const COLUMNS = sql`l.type as object, l.id, l.ext_sell_price as amount, l.transaction_currency as currency`;

/** The lines that were formed from the billing rows that a footprint finds, with what it says of these. */
export const linesFrom =
  (footprint: Footprint) =>
  (entity: string): RawBuilder<Hit> => sql<Hit>`
    select ${COLUMNS}, h.detail
    from (${footprint.hits(entity)}) as h
    join staging.line as l on l.entity = ${entity} and l.source_object = h.object and l.source_id = h.id`;

/** The lines that a hold of the rule keeps from being collected. */
export const heldBy =
  (id: LimitationId) =>
  (entity: string): RawBuilder<Hit> => sql<Hit>`
    select ${COLUMNS}, h.message as detail
    from staging.hold as h join staging.line as l on l.entity = h.entity and l.id = h.line
    where h.entity = ${entity} and h.limitation = ${id}`;

/** What the rule's open findings tell; of a finding without a line, the billing row. */
export const foundBy =
  (id: string) =>
  (entity: string): RawBuilder<Hit> => sql<Hit>`
    select f.object, coalesce(f.line, f.source_id) as id, f.amount, f.currency, f.message as detail
    from staging.finding as f
    where f.entity = ${entity} and f.finding = ${id} and f.resolved_at is null`;
