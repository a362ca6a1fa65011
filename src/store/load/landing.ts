import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf, type FieldType } from '../../domain/catalogue/define-object.ts';
import { CUSTOM_RECORDS, customColumnOf } from './target.ts';
import { castTo, isPlain, isValid } from './typed-value.ts';

/** What a column of the file is: a field of the catalogue, a custom field, or the deleted mark. */
export type LandedColumn =
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'custom'; readonly field: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'ignored' };

/** The landing table's column of the n-th cell. */
export const cellColumn = (index: number): string => `c${index}`;

interface Cell {
  readonly field: string;
  readonly text: RawBuilder<string | null>;
}

interface TypedCell extends Cell {
  readonly column: string;
  readonly type: FieldType;
}

/**
 * A file's text landing table, `landing (file_row, c0, c1, ...)`: temporary, so that it vanishes with the
 * transaction whatever happens, and row security does not stand in the way of COPY. Empty cells are
 * null in it. `file_row` counts the rows of all files from 1.
 */
export interface Landing {
  readonly object: BillingObject;
  /** Fields of the catalogue, in its order whatever the file's is. */
  readonly fields: readonly TypedCell[];
  readonly custom: readonly Cell[];
  readonly deleted: RawBuilder<boolean>;
  /** The landing table's columns, for COPY. */
  readonly columns: readonly string[];
}

/** Reads a header into a landing. Sorting makes fingerprints independent of the order of columns. */
export function landingOf(object: BillingObject, header: readonly LandedColumn[]): Landing {
  const cells = (kind: 'field' | 'custom'): Cell[] =>
    header.flatMap((landed, index) =>
      landed.kind === kind ? [{ field: landed.field, text: sql.id('l', cellColumn(index)) }] : [],
    ) as Cell[];
  const order = Object.keys(object.fields);
  const deleted = header.findIndex(({ kind }) => kind === 'deleted');
  return {
    object,
    columns: header.map((_, index) => cellColumn(index)),
    fields: cells('field')
      .map(({ field, text }) => ({
        field,
        text,
        column: columnOf(object, field),
        type: object.fields[field] ?? 'text',
      }))
      .toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field)),
    custom: cells('custom').toSorted((a, b) => (a.field < b.field ? -1 : 1)),
    deleted:
      deleted < 0
        ? sql<boolean>`false`
        : sql<boolean>`coalesce(lower(${sql.id('l', cellColumn(deleted))}) in ('true', '1', 't'), false)`,
  };
}

export const createLanding = ({ columns }: Landing): RawBuilder<unknown> =>
  sql`create temporary table landing (file_row bigint generated always as identity, ${sql.join(
    columns.map((column) => sql`${sql.ref(column)} text`),
  )}) on commit drop`;

/** The cell of a field, or a null where the file does not have it. */
export const cellOf = ({ fields }: Landing, field: string): RawBuilder<string | null> =>
  fields.find((each) => each.field === field)?.text ?? sql<string | null>`null::text`;

/** The row's key: the key fields joined by dots, null when one is missing. */
export const keyOf = (landing: Landing): RawBuilder<string | null> =>
  sql<string | null>`${sql.join(
    landing.object.key.map((field) => cellOf(landing, field)),
    sql` || '.' || `,
  )}`;

/** Fingerprint of everything the row says, as it came. Only ever compared between versions of one row. */
export const fingerprintOf = ({ fields, custom, deleted }: Landing): RawBuilder<string> =>
  sql<string>`hash_record_extended(row(${sql.join([deleted, ...fields.map(({ text }) => text), ...custom.map(({ text }) => text)])}), 0)`;

/**
 * Reason that a row is rejected, `<field>: <what is wrong>`, or null. With `every` false, only rows whose
 * numbers and dates look odd are looked at closely, and casting may still fail on the others.
 */
export function rejectionOf(landing: Landing, every: boolean): RawBuilder<string | null> {
  const missing = landing.object.key.map(
    (field) => sql`when ${cellOf(landing, field)} is null then ${sql.lit(`${field}: missing`)}`,
  );
  const typed = landing.fields.filter(({ type }) => every || type !== 'text');
  const misfits = typed.map(
    ({ field, type, text }) =>
      sql`when not ${isValid(type, text)} then ${sql.lit(`${field}: is not a ${type}`)}`,
  );
  if (misfits.length === 0) return sql<string | null>`case ${sql.join(missing, sql` `)} end`;
  const closely = sql`case ${sql.join(misfits, sql` `)} end`;
  const odd = every ? sql`true` : sql`not ${isPlain(landing.fields, sql`l.*`)}`;
  return sql<string | null>`case ${sql.join(missing, sql` `)} when ${odd} then ${closely} end`;
}

/** The row as it came, by field name. */
export function rawOf({ fields, custom }: Landing): RawBuilder<unknown> {
  const pairs = [...fields, ...custom].map(({ field, text }) => sql`${sql.lit(field)}, ${text}`);
  // jsonb_build_object takes at most 100 arguments.
  const parts = [];
  for (let at = 0; at < pairs.length; at += 50) {
    parts.push(sql`jsonb_build_object(${sql.join(pairs.slice(at, at + 50))})`);
  }
  return sql`(${sql.join(parts, sql` || `)})`;
}

/** Columns of the pre-staging table that the file fills, beside `id`, `deleted` and the one for custom fields. */
export const filledColumns = ({ fields }: Landing): string[] =>
  fields.map(({ column }) => column).filter((column) => column !== 'id');

/** The custom fields and the filled columns in their types, from `landing as l`; for rows that are not rejected. */
export function typedColumns({ object, fields, custom }: Landing): RawBuilder<unknown> {
  const own = fields.filter(({ column }) => column !== 'id');
  const values = own.map(({ column, type, text }) => sql`${castTo(type, text)} as ${sql.ref(column)}`);
  const found = customObject(custom);
  const kept = object.table === CUSTOM_RECORDS ? sql`coalesce(${found}, '{}')` : found;
  return sql.join([sql`${kept} as ${sql.ref(customColumnOf(object))}`, ...values]);
}

function customObject(custom: readonly Cell[]): RawBuilder<unknown> {
  if (custom.length === 0) return sql`null::jsonb`;
  const pairs = custom.map(({ field, text }) => sql`${sql.lit(field)}, ${text}`);
  const parts = [];
  for (let at = 0; at < pairs.length; at += 50) {
    parts.push(sql`jsonb_build_object(${sql.join(pairs.slice(at, at + 50))})`);
  }
  return sql`nullif(jsonb_strip_nulls(${sql.join(parts, sql` || `)}), '{}')`;
}
