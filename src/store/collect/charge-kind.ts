import { type RawBuilder, sql } from 'kysely';

import type { ChargeKind } from '../../domain/obligations/charge-kinds.ts';
import { spelled } from '../../limitations/charge.ts';

/** Joins the template that formed a line of `staging.line`, whose policies say how its evergreen charges are booked. */
export const formedBy = (line: string, alias: string): RawBuilder<unknown> =>
  sql`left join staging.transaction_template as ${sql.id(alias)}
    on ${sql.id(alias, 'name')} = ${sql.id(line, 'template')}
    and ${sql.id(alias, 'version')} = ${sql.id(line, 'template_version')}`;

/** Where an SO line and the template that formed it stand in a query. */
interface Formed {
  readonly line: string;
  readonly template: string;
}

/**
 * Whether the line was booked at zero, to be lifted by its invoices: usage, and what an evergreen subscription recurs
 * unless the template books its contract value (design 9 (7)).
 */
export function invoiceDriven({ line, template }: Formed): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${isUsage(line)} or ${isEvergreen({ line, template })}, false)`;
}

const type = (line: string): RawBuilder<string> => spelled(sql.id(line, 'rate_plan_charge_type'));
const isUsage = (line: string): RawBuilder<boolean> => sql<boolean>`(${type(line)} = 'usage')`;

const isEvergreen = ({ line, template }: Formed): RawBuilder<boolean> => sql<boolean>`(
    upper(${sql.id(line, 'subscription_type')}) = 'EVERGREEN' and ${type(line)} <> 'onetime'
    and ${sql.id(template, 'body')} -> 'policies' ->> 'evergreen' is distinct from 'ccv')`;

/** The kind of charge that an SO line is of; what Billing does not tell the type of recurs. */
export function chargeKind(formed: Formed): RawBuilder<ChargeKind> {
  const { line } = formed;
  return sql<ChargeKind>`case
      when ${spelled(sql.id(line, 'rate_plan_charge_model'))} like 'discountfixed%' then 'fixedDiscount'
      when ${sql.id(line, 'so_line_id')} like 'REVSYNC-%' then 'standalone'
      when ${isUsage(line)} then 'usage'
      when ${type(line)} = 'onetime' then 'oneTime'
      when ${isEvergreen(formed)} then 'evergreen'
      else 'recurring'
    end`;
}
