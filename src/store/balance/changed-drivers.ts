import { type RawBuilder, sql } from 'kysely';

import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import { invariant } from '../../domain/errors.ts';
import { column } from '../transform/column.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { balanceCurrency } from './extracted.ts';

export interface BalanceScope {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
}

/** The driver rows that this run changed and Billing has: id, why excluded or null, currency, amount. */
export function changedDrivers({ run, entity }: BalanceScope, plan: CompiledTemplate): RawBuilder<unknown> {
  const { name } = plan.driver;
  const amountField = driverAmount(name);
  invariant(amountField !== undefined, `${name} has no amount`);
  return sql`
    select ${sql.id(name, 'id')} as id, ${plan.excluded} as reason,
      ${balanceCurrency(plan.driver, name)} as currency,
      coalesce(${column(name, plan.driver, amountField)}, 0) as amount
    ${plan.base}
    left join prestaging.account as a on a.entity = ${sql.id(name, 'entity')} and a.id = ${sql.id(name, 'account_id')}
    where ${sql.id(name, 'entity')} = ${entity} and ${sql.id(name, 'changed_run')} = ${run}
      and not ${sql.id(name, 'deleted')}`;
}
