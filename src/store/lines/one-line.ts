import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import type { LineKey } from './line-key.ts';

/**
 * The key of the one line that has an id.
 *
 * @throws RevsyncError `LINE_UNKNOWN`; `LINE_AMBIGUOUS` when several entities have a line of that id
 */
export async function oneLine(
  db: Db,
  { id, entity, org }: { id: string; entity?: string | undefined; org?: string | undefined },
): Promise<LineKey> {
  let query = db.selectFrom('staging.line').select(['entity', 'id']).where('id', '=', id);
  if (entity !== undefined) query = query.where('entity', '=', entity);
  if (org !== undefined) query = query.where('org', '=', org);
  const [key, ...others] = await query.orderBy('entity').execute();
  if (key === undefined) throw unknownLine(id);
  if (others.length === 0) return key;
  throw new RevsyncError(
    `Several entities have a line "${id}": ${[key, ...others].map((each) => each.entity).join(', ')}.`,
    { code: 'LINE_AMBIGUOUS', fate: 'fix-input', remedy: 'Say which one with --entity.' },
  );
}

/** The answer to an id that no line has. */
export function unknownLine(id: string): RevsyncError {
  return new RevsyncError(`There is no line "${id}".`, {
    code: 'LINE_UNKNOWN',
    fate: 'fix-input',
    remedy:
      'See `revsync line list`; ids are spelled like SO:<SO line id>@<version> and INV:<invoice item id>. Lines of other organisations than yours are not shown.',
  });
}
