import { sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { BehindChange } from './derivation.ts';

const table = (name: string) => prestagingTable(objectOf(name));

/** The discounts whose bookings say what these rows say: their own amounts and tiers, and the charges they discount. */
export const BEHIND_DISCOUNTS: readonly BehindChange[] = [
  {
    object: 'DiscountContractualValues',
    drivers: (entity, changed) => sql`
      select v.discount_rate_plan_charge_id as id from ${table('DiscountContractualValues')} as v
      where v.entity = ${entity} and ${changed('v')}`,
  },
  {
    object: 'RatePlanCharge',
    drivers: (entity, changed) => sql`
      select v.discount_rate_plan_charge_id as id from ${table('RatePlanCharge')} as p
      join ${table('DiscountContractualValues')} as v on v.entity = p.entity and v.rate_plan_charge_id = p.id
      where p.entity = ${entity} and ${changed('p')}`,
  },
  {
    object: 'RatePlanChargeTier',
    drivers: (entity, changed) => sql`
      select t.rate_plan_charge_id as id from ${table('RatePlanChargeTier')} as t
      where t.entity = ${entity} and ${changed('t')}`,
  },
];
