import { type RawBuilder, sql } from 'kysely';

import { findStagingField } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { fieldText } from '../lines/field-text.ts';

/** Lines as one template forms them; counts are exact text. */
export interface FormedLines {
  readonly lines: string;
  /** How many of them something holds. */
  readonly withheld: string;
  /** By what; a line may be held by several. */
  readonly holds: readonly { readonly limitation: string; readonly lines: string }[];
  readonly samples: readonly FormedSample[];
}

export interface FormedSample {
  readonly line: string;
  /** By their labels. */
  readonly fields: readonly { readonly label: string; readonly value: string | null }[];
}

/** Counts lines and what holds them, and shows some: those with the most of the fields first. */
export async function formedLines(
  trx: Db,
  lines: RawBuilder<unknown>,
  { labels, samples }: { readonly labels: readonly string[]; readonly samples: number },
): Promise<FormedLines> {
  const { rows } = await sql<Omit<FormedLines, 'samples'>>`
    with formed as (select l.withheld from ${lines} as l)
    select (select count(*) from formed) as lines, (select count(withheld) from formed) as withheld,
      coalesce((
        select jsonb_agg(jsonb_build_object('limitation', limitation, 'lines', held::text) order by limitation collate "C")
        from (
          select split_part(w, ':', 1) as limitation, count(*) as held
          from formed, unnest(withheld) as w group by 1
        ) as by_limitation
      ), '[]') as holds`.execute(trx);
  const [counts] = rows;
  return {
    ...(counts ?? { lines: '0', withheld: '0', holds: [] }),
    samples: await sampleLines(trx, lines, labels, samples),
  };
}

const CURRENCIES = ['transaction_currency', 'functional_currency', 'reporting_currency'];

interface SampleRow {
  readonly id: string;
  readonly texts: readonly (string | null)[];
}

async function sampleLines(
  trx: Db,
  lines: RawBuilder<unknown>,
  labels: readonly string[],
  samples: number,
): Promise<FormedSample[]> {
  const fields = labels.flatMap((label) => findStagingField(label) ?? []);
  const columns = [...fields.map(({ column }) => column), ...CURRENCIES];
  const numbers = new Set(fields.flatMap(({ column, type }) => (type === 'Number' ? [column] : [])));
  const selected = columns.map((column) => {
    const value = sql.id('l', column);
    return numbers.has(column) ? sql`trim_scale(${value})::text` : sql`${value}::text`;
  });
  const { rows } = await sql<SampleRow>`
    select id, texts from (
      select l.id, array[${sql.join(selected)}] as texts from ${lines} as l
    ) as each
    order by (select count(v) from unnest(texts) as v) desc, id collate "C" limit ${samples}`.execute(trx);
  return rows.map(({ id, texts: values }) => {
    const valueOf = (column: string) => values[columns.indexOf(column)];
    return {
      line: id,
      fields: fields.map((field) => ({ label: field.label, value: fieldText(field, valueOf) })),
    };
  });
}
