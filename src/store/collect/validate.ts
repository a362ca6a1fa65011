import { type RawBuilder, sql } from 'kysely';

import { SCOPES, type ScopeName } from '../../domain/validation/scopes.ts';
import type { ValidationRule } from '../../domain/validation/validation-rule.ts';
import type { Db } from '../database.ts';
import { takeBilledVersions } from '../validation/billed-versions.ts';
import {
  candidateBeside,
  IS_BOOKED,
  type Join,
  joinClause,
  JOINS,
  joinsFor,
  lineAlone,
  WIDE,
} from '../validation/judged-lines.ts';
import { breaks, fieldsOf, type Judged, messageOf } from '../validation/rule-conditions.ts';
import type { RuleBook } from '../validation/rules-of-org.ts';

const scopesOf = (rule: ValidationRule): ScopeName[] => fieldsOf(rule).flatMap(({ scope }) => scope ?? []);

const aboutLineAlone = (rule: ValidationRule): boolean => scopesOf(rule).length === 0;

/**
 * Whether a line of `staging.line as l` keeps the rules that are about the line alone. Told while candidates are
 * taken, which reads the wide lines once for everything.
 */
export function keepsOwnRules({ rules, codesOf }: RuleBook): RawBuilder<boolean> {
  const judged = lineAlone(codesOf);
  const broken = rules.filter(aboutLineAlone).map((rule) => breaks(rule, judged));
  return broken.length === 0 ? sql<boolean>`true` : sql<boolean>`(not (${sql.join(broken, sql` or `)}))`;
}

/** Stops the candidates that break a rule about themselves: those that were taken as not `sound`. */
export async function validateLines(trx: Db, { rules, codesOf }: RuleBook): Promise<void> {
  const own = rules.filter(aboutLineAlone);
  const source = sql`candidate as c join staging.line as l on l.entity = c.entity and l.id = c.id and not c.sound`;
  await stopBreaking(trx, own, lineAlone(codesOf), source);
}

/** Stops SO lines by the rules about what was booked before; before any booking of this collection is made. */
export async function validateBookings(trx: Db, org: string, book: RuleBook): Promise<void> {
  await validateBeside(trx, org, book, (types) => types.includes('SO'));
}

/** Stops billings by the rules about their bookings and invoices; once the bookings of this collection are made. */
export async function validateBillings(trx: Db, org: string, book: RuleBook): Promise<void> {
  await takeBilledVersions(trx, org);
  await validateBeside(trx, org, book, (types) => !types.includes('SO'));
}

/** Rules that need the same of the wide lines are judged in one statement. */
async function validateBeside(
  trx: Db,
  org: string,
  { rules, codesOf }: RuleBook,
  concerns: (types: readonly string[]) => boolean,
): Promise<void> {
  const groups = new Map<string, { rules: ValidationRule[]; joins: Set<Join> }>();
  for (const rule of rules) {
    const beside = scopesOf(rule).filter((scope) => scope !== 'Entity');
    if (beside.length === 0 || !beside.every((scope) => concerns(SCOPES[scope].types))) continue;
    const needed = fieldsOf(rule).flatMap(joinsFor);
    const key = JOINS.filter((join) => WIDE.has(join) && needed.includes(join)).join();
    const group = groups.get(key) ?? { rules: [], joins: new Set() };
    group.rules.push(rule);
    for (const join of needed) group.joins.add(join);
    groups.set(key, group);
  }
  // What a credit is judged by may be an invoice line that other rules stop.
  const invoicesLast = [...groups.values()].toSorted(
    (one, other) => Number(one.joins.has('invoice')) - Number(other.joins.has('invoice')),
  );
  for (const { rules: group, joins } of invoicesLast) {
    const clauses = JOINS.filter((join) => joins.has(join)).map((join) => joinClause(join, org));
    await stopBreaking(
      trx,
      group,
      candidateBeside(codesOf),
      sql`candidate as c ${sql.join(clauses, sql` `)}`,
    );
  }
}

/** Notes in `stop` which candidates break which rules, and lets them end there. */
async function stopBreaking(
  trx: Db,
  rules: readonly ValidationRule[],
  judged: Judged,
  source: RawBuilder<unknown>,
): Promise<void> {
  if (rules.length === 0) return;
  const broken = rules.map((rule) => {
    const unreleased = rule.overridable ? sql`not c.overridden and ` : sql``;
    const booked = scopesOf(rule).includes('Booking') ? sql`${IS_BOOKED} and ` : sql``;
    return sql<boolean>`(${unreleased}${booked}${breaks(rule, judged)})`;
  });
  const each = rules.map((rule, index) => [index, rule] as const);
  await sql`
    with broken as (
      select c.entity, c.id, f.rule, case f.rule ${sql.join(
        each.map(([index, rule]) => sql`when ${sql.lit(index)} then ${messageOf(rule, judged)}`),
        sql` `,
      )} end as message
      from ${source}
      cross join lateral unnest(array_remove(array[${sql.join(
        broken.map((condition, index) => sql`case when ${condition} then ${sql.lit(index)} end`),
      )}], null)) as f (rule)
      where c.outcome is distinct from 'rejected' and (${sql.join(broken, sql` or `)})
    )
    insert into stop (entity, id, limitation, message, remedy)
    select b.entity, b.id, r.id, b.message, r.remedy
    from broken as b
    join (values ${sql.join(each.map(([index, { id, remedy }]) => sql`(${sql.lit(index)}, ${id}, ${remedy})`))})
      as r (rule, id, remedy) on r.rule = b.rule
    on conflict do nothing`.execute(trx);
  await sql`
    update candidate as c set outcome = s.limitation
    from (select entity, id, min(limitation) as limitation from stop group by 1, 2) as s
    where c.outcome is null and s.entity = c.entity and s.id = c.id`.execute(trx);
}
