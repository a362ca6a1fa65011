import { sql } from 'kysely';

import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import type { Db } from '../database.ts';
import { cellOf, fingerprintOf, keyOf, type Landing, rejectionOf } from './landing.ts';
import { castTo, isValid } from './typed-value.ts';

/**
 * `seen`: a narrow row per row of the file, with its key, its fingerprint, what the balance needs of it and,
 * once classified, its `class`. `reason` is set for rejected rows.
 */
export async function takeSeen(db: Db, landing: Landing, every: boolean): Promise<void> {
  const amountField = driverAmount(landing.object.name);
  const amount = amountField === undefined ? sql<string | null>`null::text` : cellOf(landing, amountField);
  await sql`
    create temporary table seen on commit drop as
    select l.file_row, ${keyOf(landing)} as id, ${landing.deleted} as deleted, ${fingerprintOf(landing)} as fingerprint,
      case when pg_input_is_valid(${cellOf(landing, 'UpdatedDate')}, 'timestamptz')
        then ${cellOf(landing, 'UpdatedDate')}::timestamptz end as updated_date,
      case when ${isValid('decimal', amount)} then ${castTo('decimal', amount)} end as amount,
      ${cellOf(landing, 'TransactionCurrency')} as currency, ${cellOf(landing, 'AccountId')} as account_id,
      ${rejectionOf(landing, every)} as reason, null::text as class
    from landing as l`.execute(db);
}
