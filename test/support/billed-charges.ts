import { sql } from 'kysely';

import type { TestDatabase } from './database.ts';

type Database = Pick<TestDatabase, 'db'>;

export interface Application {
  readonly credit: string;
  readonly invoice: string;
  readonly amount: string;
  readonly referenced: boolean;
}

/** Which invoices the credits of an organisation take back. */
export async function applicationsOf({ db }: Database, org: string): Promise<Application[]> {
  const { rows } = await sql<Application>`
    select credit, invoice, trim_scale(amount)::text as amount, referenced from revenue.credit_application
    where org = ${org} order by credit collate "C", invoice collate "C"`.execute(db);
  return rows;
}

export interface SystemCredit {
  readonly booking: string;
  readonly type: string;
  readonly amount: string;
  readonly cause: string;
}

/** The credits that the integration made itself. */
export async function systemCreditsOf({ db }: Database, org: string): Promise<SystemCredit[]> {
  const { rows } = await sql<SystemCredit>`
    select so_line_id as booking, type, trim_scale(amount)::text as amount, cause from revenue.system_credit
    where org = ${org} order by so_line_id collate "C", type`.execute(db);
  return rows;
}

export interface Booking {
  readonly booking: string;
  readonly amount: string;
  readonly lifted: string;
  readonly conceded: string;
  readonly lastsUntil: string | null;
}

/** The bookings as they stand. */
export async function bookingsOf({ db }: Database, org: string): Promise<Booking[]> {
  const { rows } = await sql<Booking>`
    select so_line_id as booking, trim_scale(amount)::text as amount, trim_scale(lifted)::text as lifted,
      trim_scale(conceded)::text as conceded, lasts_until as "lastsUntil"
    from revenue.booking where org = ${org} order by so_line_id collate "C"`.execute(db);
  return rows;
}
