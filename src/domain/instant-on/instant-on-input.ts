import { z } from 'zod';

import { LoopState } from './loop-state.ts';

/** Histories end after this many events, long before Temporal would end them. */
const LONGEST_HISTORY = 2_000;

/**
 * Input of `instantOn`; `{}` is the loop of the tenant's only entity. `onward` is what a loop hands to itself when its
 * history begins anew.
 */
export const InstantOnInput = z.strictObject({
  entity: z.string().min(1).optional(),
  maxHistory: z.number().int().min(10).max(20_000).default(LONGEST_HISTORY),
  onward: z.strictObject({ tenant: z.string(), entity: z.string(), state: LoopState }).optional(),
});
export type InstantOnInput = z.infer<typeof InstantOnInput>;

export const INSTANT_ON_EXAMPLE = '{} or {"entity": "..."}';
