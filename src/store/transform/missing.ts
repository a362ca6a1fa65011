import { type RawBuilder, sql } from 'kysely';

import type { TemplateRow } from '../../domain/mapping/transaction-template.ts';
import type { Mapped } from './derivation.ts';

/**
 * `missing-<what>` when the finished field is empty; with what the template fills it from, it says why:
 * `missing-<what>:InvoiceItem.ServiceStartDate holds no date`.
 */
export function missing(what: string, column: string, mapped?: Mapped): RawBuilder<string | null> {
  const why = mapped === undefined ? '' : `:${whyEmpty(mapped.row(column))}`;
  return sql<
    string | null
  >`case when ${sql.id('f', column)} is null then ${sql.lit(`missing-${what}${why}`)} end`;
}

/** The row's path is Billing's, or a custom template's; what is no value of its type counts as empty. */
function whyEmpty(row: TemplateRow | undefined): string {
  if (row === undefined) return 'the template has no row for it';
  return row.type === 'Character' ? `${row.from} is empty` : `${row.from} holds no ${row.type.toLowerCase()}`;
}
