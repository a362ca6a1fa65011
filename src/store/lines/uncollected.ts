import { sql } from 'kysely';

/**
 * The statuses of lines that are formed anew when their rows change: not collected, and not settled either. A rejection
 * is about what a line says.
 */
export const UNCOLLECTED = sql`('ready', 'held', 'waiting', 'stopped', 'rejected')`;
