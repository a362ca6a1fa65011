import { z } from 'zod';

/** Input of `exchangeRateSync`; `{}` reads for the tenant's only entity whatever it has not read yet. Days are included. */
export const RateSyncInput = z
  .strictObject({
    entity: z.string().min(1).optional(),
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    currencies: z
      .array(z.string().regex(/^[A-Z]{3}$/, 'is a code of three letters, as EUR'))
      .min(1)
      .optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    error: 'from may not lie after to',
  });
export type RateSyncInput = z.infer<typeof RateSyncInput>;

export const RATE_SYNC_EXAMPLE =
  '{} or {"entity": "...", "from": "2024-01-01", "to": "2024-01-31", "currencies": ["EUR", "JPY"]}';
