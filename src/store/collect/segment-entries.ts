import { type RawBuilder, sql } from 'kysely';

import { COMPARED_FIELDS } from '../../domain/contract-changes/compared-fields.ts';
import { ORDER_ACTIONS } from '../../domain/contract-changes/order-actions.ts';
import type { StagingField } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { changeEntry } from './change-entry.ts';

/** Enters what `segment_change` has into `contract_change`, by the table of order actions. */
export async function enterSegments(trx: Db, org: string): Promise<void> {
  const actions = ORDER_ACTIONS.map(
    ({ effect, action, soAction, category, cause }, place) =>
      sql`(${place}::integer, ${effect}, ${action}, ${soAction}, ${category}, ${cause})`,
  );
  const byQuantity = sql`a.category = 'price-or-quantity'`;
  const other = sql`case when s.another_quantity then 'quantity' else 'price' end`;
  const moved = sql`s.was_contract <> s.contract`;
  const released = sql`s.released_as in ('correction', 'amendment')`;
  await sql`
    insert into contract_change (contract, so_line_id, part, place, cause, made_by, entry)
    select s.contract, s.so_line_id, 1, case when ${released} or ${moved} then -1 else a.place end,
      case when ${moved} then 'Moved from ' || s.was_contract
        when ${released} then initcap(s.released_as)
        when ${byQuantity} then initcap(${other}) || ' change' else a.cause end,
      coalesce(r.released_by, 'revsync'),
      ${changeEntry({
        action: sql`case when ${moved} then 'moved-in'
          when ${released} then s.released_as else a.so_action end`,
        soLineId: sql`s.so_line_id`,
        line: sql`s.line`,
        was: sql`s.was_line`,
        amount: sql`s.amount + case when ${moved} then s.was_lifted else 0 end`,
        wasAmount: sql`case when s.was_contract = s.contract then s.was_amount end`,
        currency: sql`s.currency`,
        orderAction: sql`a.action`,
        category: sql`case when ${byQuantity} then ${other} else a.category end`,
        skipCtMod: sql`s.skip_ct_mod`,
        fields: sql`case when s.was_line is null then '{}'::jsonb else ${differences} end`,
      })}
    from segment_change as s
    join (values ${sql.join(actions)}) as a (place, effect, action, so_action, category, cause) on a.effect = s.effect
    join staging.line as n on n.entity = s.entity and n.id = s.line
    left join staging.line as p on p.entity = s.was_entity and p.id = s.was_line
    left join staging.release as r on s.released_as is not null and r.entity = s.entity and r.line = s.line`.execute(
    trx,
  );
  await enterDepartures(trx, org);
}

/** An SO line that went to another contract leaves a version in the one it was in. */
async function enterDepartures(trx: Db, org: string): Promise<void> {
  await sql`
    insert into contract_change (contract, so_line_id, part, place, cause, made_by, entry)
    select s.was_contract, s.so_line_id, 1, -1, 'Moved to ' || s.contract, coalesce(r.released_by, 'revsync'),
      ${changeEntry({
        action: sql`'moved-out'`,
        soLineId: sql`s.so_line_id`,
        line: sql`null`,
        was: sql`s.was_line`,
        amount: sql`null::numeric`,
        wasAmount: sql`s.was_amount + s.was_lifted`,
        currency: sql`s.was_currency`,
      })}
    from segment_change as s
    left join staging.release as r on s.released_as is not null and r.entity = s.entity and r.line = s.line
    where s.was_contract <> s.contract and exists (
      select from revenue.contract as k where k.org = ${org} and k.id = s.was_contract
    )`.execute(trx);
}

/** `{label: {was, is}}` of what differs between the line before (`p`) and the line now (`n`). */
const differences = sql.join(
  COMPARED_FIELDS.map((field) => {
    const [was, is] = [sql.id('p', field.column), sql.id('n', field.column)];
    return sql`case when ${was} is distinct from ${is} then jsonb_build_object(${sql.lit(field.label)},
      jsonb_build_object('was', ${textOf(field, was)}, 'is', ${textOf(field, is)})) else '{}' end`;
  }),
  sql` || `,
);

function textOf({ type }: StagingField, value: RawBuilder<unknown>): RawBuilder<unknown> {
  return type === 'Number' ? sql`trim_scale(${value})::text` : sql`${value}::text`;
}
