import { type RawBuilder, sql } from 'kysely';

import type { HoldText } from '../../domain/holds.ts';
import { CHARGE_STOPS } from '../../limitations/all-limitations.ts';

const BY_CHARGE = CHARGE_STOPS.flatMap(({ id, stop: { wrong } }) =>
  wrong === undefined ? [] : [sql`${sql.lit(`${id}:`)} || ${wrong}`],
);

/** The holds `id:detail` of the rules about charges as they are; reads what `fromCharges` joins. */
export const STOPS: RawBuilder<string[]> = sql<
  string[]
>`array_remove(array[${sql.join(BY_CHARGE)}]::text[], null)`;

/** What a person reads on the holds of all of them. */
export const STOP_TEXTS: Readonly<Record<string, HoldText>> = Object.fromEntries(
  CHARGE_STOPS.map(({ id, stop }) => [id, stop.text]),
);

/** The rule that leaves billings alone: what is billed for the charge never waits for what it stops. */
export const BILLINGS_FLOW = 'fixed-discount-booking-based';

const heldBy = (withheld: RawBuilder<unknown>, which: RawBuilder<boolean>): RawBuilder<boolean> =>
  sql<boolean>`exists (select from unnest(${withheld}) as w where ${which})`;

const ID = sql`split_part(w, ':', 1)`;
const IDS = sql.join(CHARGE_STOPS.map(({ id }) => sql.lit(id)));

/** Whether any of them is among the holds that a line was formed with. */
export const isStoppedBooking = (withheld: RawBuilder<unknown>): RawBuilder<boolean> =>
  heldBy(withheld, sql<boolean>`${ID} in (${IDS})`);

/** Whether the rule that leaves billings alone is among them, alone of its kind or with `others`. */
export const billingsFlow = (
  withheld: RawBuilder<unknown>,
  { others }: { readonly others: boolean },
): RawBuilder<boolean> => sql<boolean>`(${heldBy(withheld, sql<boolean>`${ID} = ${sql.lit(BILLINGS_FLOW)}`)}
            and ${others ? sql`` : sql`not `}${heldBy(withheld, sql<boolean>`${ID} in (${IDS}) and ${ID} <> ${sql.lit(BILLINGS_FLOW)}`)})`;

const INSTEAD = CHARGE_STOPS.flatMap(({ id, stop }) => stop.instead.map((hold) => [id, hold] as const));

/** Those of `stops` and of other holds that are told: what follows from a stop is not. */
export function heldWith(stops: RawBuilder<string[]>, others: RawBuilder<unknown>): RawBuilder<unknown> {
  if (INSTEAD.length === 0) return sql`${stops} || ${others}`;
  const pairs = sql.join(INSTEAD.map(([stop, hold]) => sql`(${sql.lit(stop)}, ${sql.lit(hold)})`));
  return sql`case when cardinality(${stops}) = 0 then ${others} else ${stops} || array(
      select o from unnest(${others}) with ordinality as each (o, place)
      where not exists (
        select from (values ${pairs}) as i (stop, hold), unnest(${stops}) as s
        where i.hold = split_part(each.o, ':', 1) and i.stop = split_part(s, ':', 1)
      ) order by place
    ) end`;
}
