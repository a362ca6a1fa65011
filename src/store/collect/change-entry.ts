import { type RawBuilder, sql } from 'kysely';

import type { ContractChange } from '../../domain/contract-changes/contract-change.ts';

type Parts = { readonly [Name in keyof ContractChange]?: RawBuilder<unknown> };

/** A `ContractChange` as `jsonb`; amounts are written as exact text, what is not given is null. */
export function changeEntry(parts: Parts): RawBuilder<unknown> {
  const { amount = sql`null::numeric`, wasAmount = sql`null::numeric`, fields = sql`'{}'::jsonb` } = parts;
  const nothing = sql`null::text`;
  const values: Required<Parts> = {
    action: nothing,
    soLineId: nothing,
    line: nothing,
    was: nothing,
    currency: nothing,
    orderAction: nothing,
    category: nothing,
    skipCtMod: sql`null::boolean`,
    ...parts,
    amount: sql`trim_scale(${amount})::text`,
    wasAmount: sql`trim_scale(${wasAmount})::text`,
    fields,
  };
  return sql`jsonb_build_object(${sql.join(
    Object.entries(values).map(([name, value]) => sql`${sql.lit(name)}, ${value}`),
  )})`;
}
