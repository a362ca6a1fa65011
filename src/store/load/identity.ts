import { type RawBuilder, sql } from 'kysely';

import { columnOf } from '../../domain/catalogue/define-object.ts';
import { cellOf, keyOf, type Landing } from './landing.ts';
import { unreadableFile } from './unreadable.ts';

/** How rows of a file that holds little but ids are found in pre-staging. */
export interface Identity {
  /** The column of the pre-staging row, under alias `p`; null where Billing told no id. */
  readonly column: RawBuilder<string | null>;
  /** The same of the landed row, under alias `l`. */
  readonly value: RawBuilder<string | null>;
}

/**
 * By the object's key where the file has it, else by its Id, which objects with another key have too.
 *
 * @throws RevsyncError `BILLING_FILE_UNREADABLE` when the file has neither
 */
export function identityOf(landing: Landing): Identity {
  const { object, fields } = landing;
  const has = (field: string): boolean => fields.some((each) => each.field === field);
  if (object.key.every(has)) return { column: sql.id('p', 'id'), value: keyOf(landing) };
  if (has('Id')) return { column: sql.id('p', columnOf(object, 'Id')), value: cellOf(landing, 'Id') };
  throw unreadableFile(object.name, `lacks ${object.key.join(' and ')}`);
}
