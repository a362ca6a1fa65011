import { sql } from 'kysely';

import type { Exclusion } from './derivation.ts';

/**
 * Only what is posted forms lines. A document whose status does not say so is taken for a draft; one that is
 * not there is an orphan's matter.
 */
export const notPosted = (document: string, posted: 'Posted' | 'Processed' = 'Posted'): Exclusion => [
  'not-posted',
  sql<boolean>`${sql.id(document, 'id')} is not null and ${sql.id(document, 'status')} is distinct from ${sql.lit(posted)}`,
];
