import { z } from 'zod';

/** An instant with an offset, or a day, which means its beginning in UTC. */
const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => new Date(text).toISOString());

/**
 * Input of `revenueSync`; `{}` is a run of the tenant's only entity over its standing window. A backfill of Invoice
 * Settlement chooses objects, and leaves Data Collection to the run after it. Instant On asks for `light` runs: what
 * needs reading only now and then is not read by each.
 */
export const SyncInput = z
  .strictObject({
    entity: z.string().min(1).optional(),
    from: Instant.optional(),
    to: Instant.optional(),
    subscription: z.string().min(1).optional(),
    account: z.string().min(1).optional(),
    objects: z.array(z.string().min(1)).min(1).optional(),
    collect: z.boolean().optional(),
    queue: z.boolean().default(true),
    light: z.boolean().optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    error: 'from has to be before to',
  });
export type SyncInput = z.infer<typeof SyncInput>;

export const SYNC_EXAMPLE = '{} or {"entity": "...", "from": "2024-01-01", "to": "2024-02-01"}';

/** Input of `dataCollection`; `{}` is the tenant's only organisation. With `decide` it waits for a decision on held lines. */
export const CollectInput = z.strictObject({
  org: z.string().min(1).optional(),
  decide: z.boolean().default(false),
});
export type CollectInput = z.infer<typeof CollectInput>;

export const COLLECT_EXAMPLE = '{} or {"org": "default"} or {"org": "default", "decide": true}';
