import { sql } from 'kysely';

import type { DerivedJoin } from './derivation.ts';
import { generatedLineId } from './standalone.ts';

/**
 * The SO line that was made for the invoice item that a row corrects, if it is collected: `"Made".so_line_id`. What
 * credits the item goes on referring to it, whatever a flag says of its charge now. Made lines are few, and are read once for
 * all rows; for the way of one line the one is looked up.
 */
export function madeForItem(driver: string): DerivedJoin {
  const own = sql`"Made".entity = ${sql.id(driver, 'entity')}
    and "Made".so_line_id = ${generatedLineId(sql`"Facts".item_key`)}`;
  return {
    alias: 'Made',
    kind: 'values',
    clause: sql`left join (
      select entity, so_line_id from revenue.booking where starts_with(so_line_id, 'REVSYNC-') offset 0
    ) as "Made" on ${own}`,
    ofOne: sql`left join revenue.booking as "Made" on ${own} and "Made".org = l.org`,
  };
}
