import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf, type FieldType } from '../../domain/catalogue/define-object.ts';
import { castTo, isValid } from './typed-value.ts';

/** What a column of the file is: a field of the catalogue, a custom field, or the deleted mark. */
export type LandedColumn =
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'custom'; readonly field: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'ignored' };

/** The landing table's column of the n-th cell. */
export const cellColumn = (index: number): string => `c${index}`;

/** A cell as text; Billing writes null as nothing, quoted or not. */
const cell = (index: number): RawBuilder<unknown> => sql`nullif(${sql.ref(cellColumn(index))}, '')`;

interface TypedColumn {
  readonly column: string;
  readonly type: FieldType;
  readonly text: RawBuilder<unknown>;
}

/**
 * The text landing table and the typed table made from it. Both are temporary: they vanish with the
 * transaction, whatever happens, and row security does not stand in the way of COPY.
 */
export class Landing {
  readonly object: BillingObject;
  readonly columns: readonly LandedColumn[];

  constructor(object: BillingObject, columns: readonly LandedColumn[]) {
    this.object = object;
    this.columns = columns;
  }

  /** `file_row` counts the rows of the file from 1. */
  create(): RawBuilder<unknown> {
    const cells = this.columns.map((_, index) => sql`${sql.ref(cellColumn(index))} text`);
    return sql`create temporary table landing (file_row bigint generated always as identity, ${sql.join(cells)}) on commit drop`;
  }

  /** Reason that a landed row is rejected, `<field>: <what is wrong>`, or null. */
  rejection(): RawBuilder<string | null> {
    const missingKey = this.#key().map(
      ({ field, text }) => sql`when ${text} is null then ${sql.lit(`${field}: missing`)}`,
    );
    const misfits = this.#typed().map(
      ({ field, type, text }) =>
        sql`when not ${isValid(type, text)} then ${sql.lit(`${field}: is not a ${type}`)}`,
    );
    return sql<string | null>`case ${sql.join([...missingKey, ...misfits], sql` `)} end`;
  }

  /** The row as it came, by field name. */
  raw(): RawBuilder<unknown> {
    const pairs = this.columns.flatMap((landed, index) =>
      landed.kind === 'field' || landed.kind === 'custom'
        ? [sql`${sql.lit(landed.field)}, ${cell(index)}`]
        : [],
    );
    // jsonb_build_object takes at most 50 pairs.
    const parts = [];
    for (let at = 0; at < pairs.length; at += 45) {
      parts.push(sql`jsonb_build_object(${sql.join(pairs.slice(at, at + 45))})`);
    }
    return parts.length === 0 ? sql`'{}'::jsonb` : sql`(${sql.join(parts, sql` || `)})`;
  }

  /** Typed rows of the landing table that are not rejected, one per row of the file. */
  createTyped(): RawBuilder<unknown> {
    const own = this.#typed().filter(({ column }) => column !== 'id');
    const values = own.map(({ column, type, text }) => sql`${castTo(type, text)} as ${sql.ref(column)}`);
    const key = sql.join(
      this.#key().map(({ text }) => text),
      sql` || '.' || `,
    );
    const typed = sql`select file_row, ${key} as id, ${this.#deleted()} as deleted, ${this.#custom()} as custom${
      values.length > 0 ? sql`, ${sql.join(values)}` : sql``
    } from landing where file_row not in (select file_row from rejected)`;
    const content = sql.join([
      sql.ref('t.id'),
      sql.ref('t.deleted'),
      sql.ref('t.custom'),
      ...own.map(({ column }) => sql.ref(`t.${column}`)),
    ]);
    return sql`create temporary table typed on commit drop as select t.*, md5(row(${content})::text)::uuid as fingerprint from (${typed}) as t`;
  }

  /** Columns of the pre-staging table that the file fills. */
  filledColumns(): string[] {
    return this.#typed()
      .map(({ column }) => column)
      .filter((column) => column !== 'id');
  }

  #cells(kind: 'field' | 'custom') {
    return this.columns.flatMap((landed, index) =>
      landed.kind === kind ? [{ field: landed.field, text: cell(index) }] : [],
    );
  }

  #key() {
    const cells = this.#cells('field');
    return this.object.key.map((field) => ({
      field,
      text: cells.find((each) => each.field === field)?.text ?? sql`null::text`,
    }));
  }

  #typed(): (TypedColumn & { field: string })[] {
    return this.#cells('field').map(({ field, text }) => ({
      field,
      text,
      column: columnOf(this.object, field),
      type: this.object.fields[field] ?? 'text',
    }));
  }

  #custom(): RawBuilder<unknown> {
    const cells = this.#cells('custom');
    if (cells.length === 0) return sql`null::jsonb`;
    const pairs = sql.join(cells.map(({ field, text }) => sql`(${sql.lit(field)}, ${text})`));
    return sql`(select jsonb_object_agg(f.name, f.value) filter (where f.value is not null) from (values ${pairs}) as f (name, value))`;
  }

  #deleted(): RawBuilder<unknown> {
    const index = this.columns.findIndex(({ kind }) => kind === 'deleted');
    return index < 0 ? sql`false` : sql`coalesce(lower(${cell(index)}) in ('true', '1', 't'), false)`;
  }
}
