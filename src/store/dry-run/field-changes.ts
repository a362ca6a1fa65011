import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS, type StagingField } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { fieldText } from '../lines/field-text.ts';
import { TEMPORARY } from '../transform/line-tables.ts';
import { SET_ASIDE } from './dry-tables.ts';

export interface FieldChanges {
  readonly label: string;
  /** How many lines that stay have another value, as exact text. */
  readonly lines: string;
  readonly samples: readonly {
    readonly line: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** The fields of `difference` that change, in the order of the mapping documents. */
export async function fieldChanges(trx: Db, samples: number): Promise<FieldChanges[]> {
  const { rows } = await sql<{ field: number; lines: string; ids: string[] }>`
    select field, lines, array_agg(id order by place) as ids
    from (
      select f.field, d.id, count(*) over (partition by f.field) as lines,
        row_number() over (partition by f.field order by d.id collate "C") as place
      from difference as d, unnest(d.fields) as f (field)
    ) as changed
    where place <= ${samples} group by field, lines order by field`.execute(trx);
  const values = await sampleValues(trx, [...new Set(rows.flatMap(({ ids }) => ids))]);
  return rows.flatMap(({ field: at, lines, ids }) => {
    const field = STAGING_FIELDS[at];
    return field === undefined ? [] : [{ label: field.label, lines, samples: ids.map(values(field)) }];
  });
}

interface SampleRow {
  readonly id: string;
  readonly before: readonly (string | null)[];
  readonly after: readonly (string | null)[];
}

async function sampleValues(trx: Db, ids: readonly string[]) {
  const { rows } = await sql<SampleRow>`
    select b.id, ${texts('b')} as before, ${texts('a')} as after
    from ${SET_ASIDE.line} as b join ${TEMPORARY.line} as a on a.entity = b.entity and a.id = b.id
    where b.id = any(${ids}::text[])`.execute(trx);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const places = new Map(STAGING_FIELDS.map(({ column }, at) => [column, at]));
  const textOf = (field: StagingField, values: SampleRow['before'] = []) =>
    fieldText(field, (column) => values[places.get(column) ?? -1]);
  return (field: StagingField) => (line: string) => ({
    line,
    before: textOf(field, byId.get(line)?.before),
    after: textOf(field, byId.get(line)?.after),
  });
}

/** Every field as exact text, in order. */
const texts = (alias: string): RawBuilder<unknown> =>
  sql`array[${sql.join(
    STAGING_FIELDS.map(({ column, type }) => {
      const value = sql.id(alias, column);
      return type === 'Number' ? sql`trim_scale(${value})::text` : sql`${value}::text`;
    }),
  )}]`;
