import { z } from 'zod';

import { CHUNK_SIZES } from './chunks.ts';

/**
 * Input of `invoiceSettlementBackfill`; `{}` is every entity of the tenant, in chunks of calendar months. `switchDate`
 * is the day from which corrections count as memos, by default that on which the entity is switched over. `onward` is what
 * the workflow tells itself when it goes on with a new history; from anybody else it is ignored.
 */
export const BackfillInput = z.strictObject({
  entity: z.string().min(1).optional(),
  switchDate: z.iso.date().optional(),
  chunk: z.enum(CHUNK_SIZES).default('month'),
  onward: z
    .strictObject({
      entities: z.array(z.string()).readonly(),
      /** Those before it in the list are done. */
      at: z.number().int().min(0),
      switched: z.boolean(),
    })
    .optional(),
});
export type BackfillInput = z.infer<typeof BackfillInput>;

export const BACKFILL_EXAMPLE = '{} or {"entity": "...", "switchDate": "2025-01-01", "chunk": "quarter"}';
