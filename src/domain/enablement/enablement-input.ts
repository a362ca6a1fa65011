import { z } from 'zod';

import { Who } from '../operator/messages.ts';
import { plainText } from '../plain-text.ts';
import type { EnablementState } from './enablement-state.ts';
import { Reminders } from './reminders.ts';

/** Histories end after this many events, long before Temporal would end them. */
const LONGEST_HISTORY = 2_000;

/** What an enablement hands to itself when its history begins anew. */
export interface Onward {
  readonly enablement: string;
  readonly tenant: string;
  readonly state: EnablementState;
}

/**
 * Input of `enablement`: `{}`, or the tenant's name, also as a bare text. `force` enables a tenant again that is live.
 */
export const EnablementInput = z.preprocess(
  (raw) => (typeof raw === 'string' ? { tenant: raw } : raw),
  z.strictObject({
    tenant: plainText().trim().min(1).max(200).optional(),
    force: z.boolean().default(false),
    by: Who.optional(),
    reminders: Reminders.prefault({}),
    maxHistory: z.number().int().min(20).max(20_000).default(LONGEST_HISTORY),
    // Only what a run handed to itself is read, and that was never in anybody's hands.
    onward: z.custom<Onward>((value) => typeof value === 'object' && value !== null).optional(),
  }),
);
export type EnablementInput = z.infer<typeof EnablementInput>;

export const ENABLEMENT_EXAMPLE =
  '{} or {"tenant": "Acme Inc.", "by": "..."}, and {"force": true} for a tenant that is live';
