import { sampleTenant } from './sample-tenant.ts';
import type { Rows } from './sync-rows.ts';

/** Staging fields by label; empty text for none. */
export type Fields = Readonly<Record<string, string>>;

interface Arrival {
  readonly version: string;
  readonly fields: Fields;
}

type Row = Readonly<Record<string, string | null>>;

interface When {
  /** Day of January 2024 on which Billing wrote what is new. */
  readonly at: string;
  /** Whether the version before it comes along. */
  readonly previous?: boolean;
  /** What the same version said before: rows that say the same keep their date. */
  readonly before?: Arrival;
  /** The version that it follows on; the number before its own unless said. */
  readonly follows?: string;
}

const START = '2020-04-02';

/**
 * The rows of a subscription version whose SO line `orig.1` has these fields. The amendment reason comes from what was
 * before: with one, the version before had a unit less; without, it was the same.
 */
export function versionRows(arrival: Arrival, { at, previous = false, before, follows }: When): Rows {
  const stamp = (day: string) => `2024-01-${day}T00:00:00Z`;
  const of = (rows: Readonly<Record<string, Row>>, old: Readonly<Record<string, Row>>): Rows =>
    Object.fromEntries(
      Object.entries(rows).map(([object, row]) => {
        const same = JSON.stringify(row) === JSON.stringify(old[object]);
        return [object, [{ ...row, UpdatedDate: stamp(before !== undefined && same ? '05' : at) }]];
      }),
    );
  const rows = of(rowsOf(arrival, follows), before === undefined ? {} : rowsOf(before));
  const version = Number(arrival.version);
  if (!previous || version < 2) return rows;
  const reason = ({ fields }: Arrival) => fields['Amendment Reason'] ?? '';
  const earlier = (each: Arrival) => {
    const quantity = String(Number(each.fields['Ordered Qty'] ?? '1') - (reason(each) === '' ? 0 : 1));
    return rowsOf({
      version: String(version - 1),
      fields: { ...each.fields, 'CT Mod Date': '', 'Ordered Qty': quantity },
    });
  };
  // What the line is compared with is no row that it is formed from: it is formed again when its charge comes again.
  const again = before !== undefined && reason(before) !== reason(arrival);
  const own = again
    ? {
        ...rows,
        RatePlanCharge: (rows['RatePlanCharge'] ?? []).map((row) => ({ ...row, UpdatedDate: stamp(at) })),
      }
    : rows;
  const past = of(earlier(arrival), before === undefined ? {} : earlier(before));
  return Object.fromEntries(
    Object.entries(own).map(([object, list]) => [object, [...(past[object] ?? []), ...list]]),
  );
}

function rowsOf({ version, fields }: Arrival, follows = String(Number(version) - 1)): Record<string, Row> {
  const tenant = sampleTenant();
  const first = (object: string): Row => tenant[object]?.[0] ?? {};
  const field = (label: string): string | null => fields[label] || null;
  const [subscription, charge, plan] = [`sub${version}`, `rpc${version}`, `rp${version}`];
  const attributes = Object.keys(fields).filter((label) => label.startsWith('ATR'));
  return {
    Subscription: {
      ...first('Subscription'),
      Id: subscription,
      Version: version,
      PreviousSubscriptionId: version === '1' ? null : `sub${follows}`,
      SubscriptionStartDate: field('Subscription Start Date'),
      SubscriptionEndDate: field('Subscription End Date'),
      TermStartDate: START,
      TermEndDate: monthsAfter(START, Number(fields['Duration'])),
      ...Object.fromEntries(attributes.map((label) => [`${label}__c`, field(label)])),
    },
    RatePlan: { ...first('RatePlan'), Id: plan, SubscriptionId: subscription },
    RatePlanCharge: {
      ...first('RatePlanCharge'),
      Id: charge,
      SubscriptionId: subscription,
      RatePlanId: plan,
      Version: version,
      Quantity: field('Ordered Qty'),
      OriginalOrderDate: field('SO Book Date'),
      EffectiveStartDate: START,
      EffectiveEndDate: monthsAfter(START, Number(fields['Duration'])),
      AmendedByOrderOn: field('CT Mod Date'),
    },
    ChargeContractualValueAllCharges: {
      ...first('ChargeContractualValueAllCharges'),
      Id: `ccv${version}`,
      RatePlanChargeId: charge,
      Amount: field('Ext Sell Price'),
      Elp: field('Ext List Price'),
    },
  };
}

function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, date)).toISOString().slice(0, 10);
}

/** Labels of the fields that differ, in their order. */
export const changesBetween = (before: Fields, after: Fields): string[] =>
  Object.keys(before).filter((label) => before[label] !== after[label]);
