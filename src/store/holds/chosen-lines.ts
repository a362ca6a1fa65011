import { type RawBuilder, sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import { type HeldFor, REJECTED } from '../../domain/releases.ts';
import type { Db } from '../database.ts';
import type { LineKey } from '../lines/line-key.ts';
import { rulesOfOrg } from '../validation/rules-of-org.ts';

/** Which held lines a decision is about; of a filter, every field that is there has to match. */
export interface HeldFilter {
  readonly hold?: string | undefined;
  readonly type?: string | undefined;
  readonly subscription?: string | undefined;
  readonly entity?: string | undefined;
}

export interface Choice {
  readonly org: string;
  /** Ids of lines; a filter then narrows them further, for example to an entity. */
  readonly lines?: readonly string[] | undefined;
  readonly filter?: HeldFilter | undefined;
}

/** A line that a person decides on. */
export interface ChosenLine extends LineKey {
  readonly status: string;
  readonly held: readonly HeldFor[];
}

/** More are not decided on at once: nobody can have looked at them. */
const MOST = 100_000;

interface Row extends LineKey {
  readonly type: string;
  readonly status: string;
  /** What it was formed with, as its holds say it. */
  readonly withheld: Row['holds'] | null;
  readonly holds: readonly { readonly limitation: string; readonly kind: string }[];
}

/**
 * The lines that a decision is about, locked until it is written. Named ones have to be there, not collected, and as a
 * filter beside them says; a filter alone takes those that have the hold it names, else those that are stopped.
 *
 * @throws RevsyncError `LINE_UNKNOWN`, `LINE_AMBIGUOUS`, `LINE_COLLECTED`, `LINE_UNMATCHED`, `NOTHING_HELD`, `TOO_MANY_LINES`
 */
export async function chosenLines(trx: Db, choice: Choice): Promise<ChosenLine[]> {
  const keys = await lockStates(trx, choice);
  await requireNamed(trx, choice, keys);
  if (keys.length === 0) throw nothingHeld();
  if (keys.length > MOST) throw tooMany();
  const { rules } = await rulesOfOrg(trx, choice.org);
  const overridable = new Set(rules.filter((rule) => rule.overridable).map(({ id }) => id));
  return (await readHolds(trx, keys)).map(({ entity, id, type, status, withheld, holds }) => {
    const held = status === REJECTED ? heldForRejection(withheld) : holds;
    return {
      entity,
      id,
      status,
      held: held.map((hold) => ({ type, overridable: overridable.has(hold.limitation), ...hold })),
    };
  });
}

/** A rejected line has no holds any more; what it was stopped for, all of it, is known of one that was formed with faults. */
const heldForRejection = (withheld: Row['withheld']): Row['holds'] =>
  withheld ?? [{ limitation: REJECTED, kind: 'validation' }];

/** Locked before anything else of them is read: a collection may be at work on them. */
async function lockStates(trx: Db, choice: Choice): Promise<LineKey[]> {
  const { rows } = await sql<LineKey>`
    select l.entity, l.id
    from staging.line_state as s join staging.line as l on l.entity = s.entity and l.id = s.id
    where s.org = ${choice.org} and ${condition(choice)}
    order by l.id collate "C", l.entity
    limit ${MOST + 1}
    for update of s`.execute(trx);
  return rows;
}

async function readHolds(trx: Db, keys: readonly LineKey[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select l.entity, l.id, l.type, s.status, (
        select jsonb_agg(jsonb_build_object('limitation', w.id, 'kind', staging.hold_kind(w.id)) order by w.id)
        from (select distinct split_part(u, ':', 1) as id from unnest(l.withheld) as u) as w
      ) as withheld,
      coalesce((
        select jsonb_agg(jsonb_build_object('limitation', h.limitation, 'kind', h.kind) order by h.limitation)
        from staging.hold as h where h.entity = l.entity and h.line = l.id
      ), '[]') as holds
    from unnest(${keys.map(({ entity }) => entity)}::text[], ${keys.map(({ id }) => id)}::text[])
      with ordinality as k (entity, id, place)
    join staging.line as l on l.entity = k.entity and l.id = k.id
    join staging.line_state as s on s.entity = k.entity and s.id = k.id
    order by k.place`.execute(trx);
  return rows;
}

function condition({ lines, filter = {} }: Choice): RawBuilder<unknown> {
  const { hold, type, subscription, entity } = filter;
  const terms = [
    ...(entity === undefined ? [] : [sql`l.entity = ${entity}`]),
    ...(type === undefined ? [] : [sql`l.type = ${type}`]),
    ...(subscription === undefined ? [] : [sql`l.subscription_name = ${subscription}`]),
  ];
  const held =
    hold === undefined
      ? sql`s.status = 'stopped'`
      : sql`(s.entity, s.id) in (select h.entity, h.line from staging.hold as h where h.limitation = ${hold})`;
  if (lines === undefined) return sql.join([held, ...terms], sql` and `);
  const named = sql`s.id = any(${[...lines]}::text[])`;
  return sql.join([named, ...(hold === undefined ? [] : [held]), ...terms], sql` and `);
}

async function requireNamed(
  trx: Db,
  { org, lines = [], filter }: Choice,
  keys: readonly LineKey[],
): Promise<void> {
  for (const line of new Set(lines)) {
    const found = keys.filter(({ id }) => id === line);
    if (found.length > 1) throw ambiguous(line, found);
  }
  const lost = lines.filter((line) => !keys.some(({ id }) => id === line));
  const [first] = lost;
  if (first === undefined) return;
  let query = trx
    .selectFrom('staging.line as l')
    .leftJoin('staging.line_state as s', (join) =>
      join.onRef('s.entity', '=', 'l.entity').onRef('s.id', '=', 'l.id'),
    )
    .select('s.status')
    .where('l.org', '=', org)
    .where('l.id', '=', first);
  if (filter?.entity !== undefined) query = query.where('l.entity', '=', filter.entity);
  const line = await query.executeTakeFirst();
  if (line === undefined) throw unknown(first);
  throw line.status === null ? collected(first) : unmatched(first);
}

const unknown = (line: string): RevsyncError =>
  new RevsyncError(`There is no line "${line}" in this organisation.`, {
    code: 'LINE_UNKNOWN',
    fate: 'fix-input',
    remedy: 'See `revsync hold list` for what is held; ids are spelled like INV:<invoice item id>.',
  });

const ambiguous = (line: string, keys: readonly LineKey[]): RevsyncError =>
  new RevsyncError(
    `Several entities have a line "${line}": ${keys.map(({ entity }) => entity).join(', ')}.`,
    { code: 'LINE_AMBIGUOUS', fate: 'fix-input', remedy: 'Say which one with the entity.' },
  );

const collected = (line: string): RevsyncError =>
  new RevsyncError(`The line "${line}" is collected; nothing holds it.`, {
    code: 'LINE_COLLECTED',
    fate: 'fix-input',
    remedy: 'A stopped second form of it has an id of its own, ending in #2: see `revsync hold list`.',
  });

const unmatched = (line: string): RevsyncError =>
  new RevsyncError(`The line "${line}" is not what the filter says.`, {
    code: 'LINE_UNMATCHED',
    fate: 'fix-input',
    remedy:
      'Leave the filter out, or the line. `revsync line show` says what holds the line, its type and subscription.',
    context: { line },
  });

const nothingHeld = (): RevsyncError =>
  new RevsyncError('No held line matches.', {
    code: 'NOTHING_HELD',
    fate: 'fix-input',
    remedy: 'See `revsync hold list` for what is held and why.',
  });

const tooMany = (): RevsyncError =>
  new RevsyncError(`More than ${MOST} lines match.`, {
    code: 'TOO_MANY_LINES',
    fate: 'fix-input',
    remedy: 'Narrow the filter by type, subscription or entity, and decide in parts.',
  });
