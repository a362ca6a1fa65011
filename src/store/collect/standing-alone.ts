import { type RawBuilder, sql } from 'kysely';

import { contentOf } from '../lines/content.ts';
import { baseOf } from '../recollect/updated-form.ts';

/**
 * The billings that belong to an SO line made for them: those released as standalone, and every later form of one
 * (`INV:x#2`), whatever that was released as. One row for each:
 *
 * - `entity`, `id`, `base`: the billing, and the id of its first form.
 * - `so_line_id`: the SO line made for it, one for all forms.
 * - `booking`, `booking_form`: id and form of the SO line that goes with this form of the billing; the form that was
 *   released as standalone has the first one.
 */
export const standingAlone = (org: string): RawBuilder<unknown> => sql`
      select l.entity, l.id, a.base, ${madeFor('l')} as so_line_id,
        ${firstBookingOf('l')} || case when l.form > a.form then '#' || l.form else '' end as booking,
        case when l.form > a.form then l.form else 1 end as booking_form
      from (
        select i.entity, i.source_id, ${baseOf(sql`i.id`)} as base, min(i.form) as form
        from staging.release as r join staging.line as i on i.entity = r.entity and i.id = r.line
        where r.org = ${org} and r.released_as = 'standalone' and i.type = 'INV' and r.content = ${contentOf('i')}
        group by 1, 2, 3
      ) as a
      join staging.line as l on l.entity = a.entity and l.source_id = a.source_id and l.type = 'INV'
        and l.form >= a.form and ${baseOf(sql`l.id`)} = a.base`;

/** The SO line id that a billing line, by its alias, has when it stands alone. */
export const madeFor = (billing: string): RawBuilder<string> =>
  sql<string>`('REVSYNC-' || ${sql.id(billing, 'source_id')})`;

/** The id of the first form of that SO line. */
export const firstBookingOf = (billing: string): RawBuilder<string> =>
  sql<string>`('SO:' || ${madeFor(billing)} || '@1')`;
