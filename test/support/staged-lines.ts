import { sql } from 'kysely';

import type { LineType } from '../../schema/database.ts';
import { STAGING_FIELDS } from '../../src/domain/mapping/staging-fields.ts';
import { amountText } from '../../src/domain/money/amount-text.ts';
import { Decimal, sum } from '../../src/domain/money/decimal.ts';
import type { Db } from '../../src/store/database.ts';
import type { DryRun } from '../../src/store/dry-run/dry-run.ts';

/** A line that is ready, held, waiting, stopped or collected. */
interface StagedLine {
  readonly id: string;
  readonly type: LineType;
  readonly status: string;
  readonly source: string;
  readonly withheld: readonly string[];
  readonly fields: readonly (string | null)[];
}

export type StagedLines = ReadonlyMap<string, StagedLine>;

/** The lines of one driver as they are in staging, with every field. */
export async function stagedLines(db: Db, entity: string, driver: string): Promise<StagedLines> {
  const fields = STAGING_FIELDS.map(({ column, type }) => {
    const value = sql.id('l', column);
    return type === 'Number' ? sql`trim_scale(${value})::text` : sql`${value}::text`;
  });
  const { rows } = await sql<StagedLine>`
    select l.id, l.type, coalesce(s.status, 'collected') as status, l.source_id as source,
      coalesce(l.withheld, '{}') as withheld, array[${sql.join(fields)}] as fields
    from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id
    where l.entity = ${entity} and l.source_object = ${driver}
      and coalesce(s.status, 'collected') not in ('superseded', 'rejected')`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** What a dry run should have said of the way from one state to the other, with every line as a sample. */
export function changesOf(
  before: StagedLines,
  after: StagedLines,
): Pick<DryRun, 'lines' | 'amounts' | 'fields' | 'holds'> {
  const added = [...after.values()].filter(({ id }) => !before.has(id));
  const removed = [...before.values()].filter(({ id }) => !after.has(id));
  const kept = [...after.values()].flatMap((is) => {
    const was = before.get(is.id);
    return was === undefined ? [] : [{ was, is }];
  });
  const isChanged = ({ was, is }: (typeof kept)[number]): boolean =>
    JSON.stringify([was.fields, was.withheld]) !== JSON.stringify([is.fields, is.withheld]);
  const changed = kept.filter(isChanged);
  return {
    lines: {
      added: String(added.length),
      removed: String(removed.length),
      changed: String(changed.length),
      unchanged: String(kept.length - changed.length),
      collected: String([...after.values()].filter(({ status }) => status === 'collected').length),
      addedSample: added.map(({ id }) => id).toSorted(),
      removedSample: removed.map(({ id }) => id).toSorted(),
      retyped: retyped(removed, added),
    },
    amounts: amounts(before, after),
    fields: STAGING_FIELDS.flatMap(({ label }, at) => fieldChange(label, at, changed)),
    holds: holds(added, kept),
  };
}

const CURRENCY = STAGING_FIELDS.findIndex(({ label }) => label === 'Transaction Currency');
const PRICE = STAGING_FIELDS.findIndex(({ label }) => label === 'Ext Sell Price');

const shown = (label: string, at: number, { fields }: StagedLine): string | null => {
  const value = fields[at] ?? null;
  return value !== null && label.endsWith(' Price') ? amountText(value, fields[CURRENCY] ?? null) : value;
};

function fieldChange(label: string, at: number, changed: readonly { was: StagedLine; is: StagedLine }[]) {
  const samples = changed
    .filter(({ was, is }) => was.fields[at] !== is.fields[at])
    .map(({ was, is }) => ({ line: is.id, before: shown(label, at, was), after: shown(label, at, is) }))
    .toSorted((a, b) => (a.line < b.line ? -1 : 1));
  return samples.length === 0 ? [] : [{ label, lines: String(samples.length), samples }];
}

function retyped(removed: readonly StagedLine[], added: readonly StagedLine[]): DryRun['lines']['retyped'] {
  const ways = removed
    .filter(({ type }) => type !== 'SO')
    .flatMap((was) =>
      added
        .filter(({ source, type }) => source === was.source && type !== 'SO' && type !== was.type)
        .map((is) => `${was.type} ${is.type}`),
    );
  return [...new Set(ways)].toSorted().map((way) => {
    const [from, to] = way.split(' ') as [LineType, LineType];
    return { before: from, after: to, lines: String(ways.filter((each) => each === way).length) };
  });
}

function amounts(before: StagedLines, after: StagedLines): DryRun['amounts'] {
  const keyOf = ({ type, fields }: StagedLine): string => JSON.stringify([type, fields[CURRENCY] ?? null]);
  const keys = new Set([...before.values(), ...after.values()].map(keyOf));
  const sumOf = (lines: readonly StagedLine[], currency: string | null): string =>
    amountText(sum(lines.map(({ fields }) => new Decimal(fields[PRICE] ?? 0))).toFixed(), currency);
  return [...keys]
    .map((key) => {
      const [type, currency] = JSON.parse(key) as [LineType, string | null];
      const [was, is] = [before, after].map((side) =>
        [...side.values()].filter((each) => keyOf(each) === key),
      );
      return {
        type,
        currency,
        lines: { before: String(was?.length), after: String(is?.length) },
        before: sumOf(was ?? [], currency),
        after: sumOf(is ?? [], currency),
      };
    })
    .toSorted((a, b) => (`${a.type} ${a.currency ?? '~'}` < `${b.type} ${b.currency ?? '~'}` ? -1 : 1));
}

function holds(
  added: readonly StagedLine[],
  kept: readonly { was: StagedLine; is: StagedLine }[],
): DryRun['holds'] {
  const idsOf = ({ withheld }: StagedLine): string[] => withheld.map((each) => each.split(':', 1)[0] ?? '');
  const moves = [
    ...added.flatMap((is) => idsOf(is).map((hold) => ({ hold, line: is.id, released: false }))),
    ...kept.flatMap(({ was, is }) => [
      ...idsOf(is).flatMap((hold) =>
        idsOf(was).includes(hold) ? [] : [{ hold, line: is.id, released: false }],
      ),
      ...idsOf(was).flatMap((hold) =>
        idsOf(is).includes(hold) ? [] : [{ hold, line: is.id, released: true }],
      ),
    ]),
  ];
  const linesOf = (hold: string, released: boolean) => {
    const mine = moves.filter((move) => move.hold === hold && move.released === released);
    const sample = [...new Set(mine.map(({ line }) => line))].toSorted();
    return { count: String(sample.length), sample };
  };
  return [...new Set(moves.map(({ hold }) => hold))].toSorted().map((limitation) => ({
    limitation,
    withheld: linesOf(limitation, false),
    released: linesOf(limitation, true),
  }));
}
