import { sql } from 'kysely';

import { findStagingField } from '../../src/domain/mapping/staging-fields.ts';
import { openPeriod, openPeriodOf } from '../../src/store/periods.ts';
import { recordTenant, type Target } from './sync-rows.ts';

/** An SO line as the transform leaves it, ready to be collected. */
export interface StagedBooking {
  readonly soLineId: string;
  /** Of the subscription; 1 unless said. */
  readonly version?: number;
  readonly form?: number;
  readonly amount?: string;
  /** By label, beside or instead of what every line here has. */
  readonly fields?: Readonly<Record<string, string | null>>;
}

const FIELDS: Readonly<Record<string, string>> = {
  'Customer Number': 'A-1',
  'Functional Currency': 'USD',
  'Transaction Currency': 'USD',
  'Subscription Name': 'S-1',
  'Subscription Type': 'TERMED',
  'Rate Plan Charge Type': 'Recurring',
  'Term Number': '1',
  'SO Number': 'C-1',
  'SO Book Date': '2024-01-02',
  'Sales Order Date': '2024-01-02',
  'Revenue Start Date': '2024-01-01',
  'Revenue End Date': '2025-01-01',
  'Ordered Qty': '1',
  'Sequence Number': '1',
};

export const lineId = ({ soLineId, version = 1, form = 1 }: StagedBooking): string =>
  `SO:${soLineId}@${version}${form === 1 ? '' : `#${form}`}`;

/** Puts SO lines of an entity of the organisation's name into staging, and opens a period that all dates lie in. */
export async function stageBookings(
  target: Target,
  org: string,
  bookings: readonly StagedBooking[],
): Promise<void> {
  const { db } = target;
  await recordTenant(target, org, org);
  if ((await openPeriodOf(db, org)) === undefined) {
    await openPeriod(db, { org, period: '2099-12', by: 'test', reason: 'All is eligible.' });
  }
  for (const booking of bookings) await stage(target, org, booking);
}

async function stage({ db }: Target, org: string, booking: StagedBooking): Promise<void> {
  const { soLineId, version = 1, form = 1, amount = '100' } = booking;
  const fields: Readonly<Record<string, string | null>> = {
    ...FIELDS,
    'SO Line Id': soLineId,
    'Subscription Version': String(version),
    'Ext Sell Price': amount,
    'Ext List Price': amount,
    ...booking.fields,
  };
  const columns = Object.keys(fields).map((label) => {
    const field = findStagingField(label);
    if (field === undefined) throw new Error(`there is no label ${label}`);
    return field;
  });
  const types = { Character: 'text', Number: 'numeric', Date: 'date' } as const;
  const id = lineId(booking);
  await sql`
    insert into staging.line (entity, org, id, type, form, source_object, source_id, template, template_version, run,
      sources, ${sql.join(columns.map(({ column }) => sql.ref(column)))})
    values (${org}, ${org}, ${id}, 'SO', ${form}, 'RatePlanCharge', ${`${soLineId}-${version}`},
      'Subscription Order Template (Pre-Configured)', 1, 0, '{}', ${sql.join(
        columns.map(({ label, type }) => sql`${fields[label] ?? null}::${sql.raw(types[type])}`),
      )})`.execute(db);
  await sql`
    insert into staging.line_state (entity, org, id, status) values (${org}, ${org}, ${id}, 'ready')`.execute(
    db,
  );
}
