import { z } from 'zod';

import { plainText } from '../plain-text.ts';
import { RELEASED_AS } from '../releases.ts';
import { shortText } from '../short-text.ts';

/** Who decides something, and why: both are kept. */
export const Who = plainText().trim().min(1).max(200);
export const Why = plainText().trim().min(1).max(2_000);
const Name = plainText().min(1).max(500);

/**
 * What operators may send to a run, as one JSON object each; every field has a default where that makes
 * sense, because the page sends nothing for an empty box.
 */
export const Retry = z.strictObject({ step: Name.optional(), by: Who.optional() });
export const Skip = z.strictObject({ step: Name, reason: Why, by: Who.optional() });
export const Abort = z.strictObject({ reason: Why, by: Who.optional() });

/** What a loop of Instant On takes beside these. Seconds are those that the lookup may have. */
export const Pause = z.strictObject({ reason: Why.optional(), by: Who.optional() });
export const Resume = z.strictObject({ by: Who.optional() });
export const SetInterval = z.strictObject({
  seconds: z.number().int().min(1).max(999_999).optional(),
  by: Who.optional(),
});
export const RunNow = z.strictObject({ by: Who.optional() });

/** Held lines: by their ids, or by what they have in common. */
const HELD_LINES = {
  lines: z.array(Name).min(1).max(1_000).optional(),
  filter: z
    .strictObject({
      hold: Name.optional(),
      type: z.enum(['SO', 'INV', 'CM', 'CM-C']).optional(),
      subscription: Name.optional(),
      entity: Name.optional(),
    })
    .refine((filter) => Object.keys(filter).length > 0, 'has to say something')
    .optional(),
  reason: Why,
  by: Who,
};
const some = ({ lines, filter }: { lines?: unknown; filter?: unknown }): boolean =>
  lines !== undefined || filter !== undefined;
const NEEDS_LINES = 'needs lines or a filter';

export const ReleaseHold = z
  .strictObject({ ...HELD_LINES, as: z.enum(RELEASED_AS) })
  .refine(some, NEEDS_LINES);
export const RejectHold = z.strictObject(HELD_LINES).refine(some, NEEDS_LINES);

export const EXAMPLES = {
  answer: '{"step": 4, "value": {...}, "note": "...", "by": "..."}',
  amend: '{"step": 4, "value": {...}, "reason": "...", "by": "..."}',
  retry: '{}',
  skip: '{"step": "...", "reason": "...", "by": "..."}',
  abort: '{"reason": "...", "by": "..."}',
  pause: '{} or {"reason": "...", "by": "..."}',
  resume: '{} or {"by": "..."}',
  setInterval: '{"seconds": 300, "by": "..."}, or {} for the seconds of the lookup',
  runNow: '{} or {"by": "..."}',
  releaseHold: '{"lines": ["SO:a1.1@2#2"], "as": "correction", "reason": "...", "by": "..."}',
  rejectHold: '{"filter": {"hold": "same-version-recollection", "type": "SO"}, "reason": "...", "by": "..."}',
} as const;

export type RetryMessage = z.infer<typeof Retry>;
export type SkipMessage = z.infer<typeof Skip>;
export type AbortMessage = z.infer<typeof Abort>;
export type ReleaseHoldMessage = z.infer<typeof ReleaseHold>;
export type RejectHoldMessage = z.infer<typeof RejectHold>;

/** Refusals are kept and handed on, and a message may be as long as Temporal lets it be. */
const LONGEST_WHY = 300;

/** Why a message cannot be taken, with the JSON that could be; null when it fits. */
export function misfit(
  schema: z.ZodType,
  name: keyof typeof EXAMPLES,
  message: unknown,
  example: string = EXAMPLES[name],
): string | null {
  const parsed = schema.safeParse(message ?? {});
  if (parsed.success) return null;
  const why = z.prettifyError(parsed.error).replace(/\s+/g, ' ');
  return `${name} takes ${example}: ${shortText(why, LONGEST_WHY)}`;
}
