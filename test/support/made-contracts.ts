import type { LineType } from '../../schema/database.ts';
import type { TestDatabase } from './database.ts';

/** A collected line, as a test has it made. */
export interface Collected {
  readonly line: string;
  readonly type: LineType;
  readonly soLineId: string;
  readonly amount: string;
  readonly currency: string;
}

/** A contract with its collected lines; each SO line id stands at its last SO line, its charge is an obligation. */
export async function makeContract(
  { db }: TestDatabase,
  { org, id, subscription = id }: { org: string; id: string; subscription?: string },
  lines: readonly Collected[],
): Promise<void> {
  await db
    .insertInto('revenue.contract')
    .values({ org, id, key: `${subscription}|1`, subscription, term: 1, version: 1 })
    .execute();
  await db
    .insertInto('revenue.line')
    .values(
      lines.map(({ soLineId, ...line }) => ({
        ...line,
        entity: org,
        org,
        contract: id,
        so_line_id: soLineId,
        collection: '1',
      })),
    )
    .execute();
  const bookings = new Map(lines.filter(({ type }) => type === 'SO').map((line) => [line.soLineId, line]));
  const charges = [...new Set([...bookings.keys()].map((soLineId) => soLineId.split('.')[0] ?? ''))];
  await db
    .insertInto('revenue.obligation')
    .values(
      charges.map((charge) => ({
        org,
        id: `POB-${id}-${charge}`,
        contract: id,
        charge,
        name: charge,
        template: 'Ratable',
        assigned_by: 'automatic' as const,
        setup: 'Pre-Configured',
        setup_version: 1,
        ratable_method: 'Ratable',
        release_event: 'Upon Booking',
        processing: null,
        accounting: 'daily' as const,
        retain: 'percent' as const,
        entity: org,
        line: `SO:${charge}.1@1`,
      })),
    )
    .execute();
  await db
    .insertInto('revenue.booking')
    .values(
      [...bookings.values()].map(({ line, soLineId, amount, currency }) => ({
        org,
        so_line_id: soLineId,
        contract: id,
        obligation: `POB-${id}-${soLineId.split('.')[0]}`,
        entity: org,
        line,
        version: '1',
        amount,
        currency,
      })),
    )
    .execute();
}

export const so = (soLineId: string, amount: string, currency = 'USD', version = 1): Collected => ({
  line: `SO:${soLineId}@${version}`,
  type: 'SO',
  soLineId,
  amount,
  currency,
});
export const billed = (
  type: LineType,
  id: string,
  soLineId: string,
  amount: string,
  currency = 'USD',
): Collected => ({
  line: `${type}:${id}`,
  type,
  soLineId,
  amount,
  currency,
});
