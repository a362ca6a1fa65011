import { z } from 'zod';

/**
 * What operators may send to a run, as one JSON object each; every field has a default where that makes
 * sense, because the page sends nothing for an empty box.
 */
export const Retry = z.strictObject({ step: z.string().optional(), by: z.string().optional() });
export const Skip = z.strictObject({
  step: z.string(),
  reason: z.string().min(1),
  by: z.string().optional(),
});
export const Abort = z.strictObject({ reason: z.string().min(1), by: z.string().optional() });

export const EXAMPLES = {
  retry: '{}',
  skip: '{"step": "...", "reason": "...", "by": "..."}',
  abort: '{"reason": "...", "by": "..."}',
} as const;

export type RetryMessage = z.infer<typeof Retry>;
export type SkipMessage = z.infer<typeof Skip>;
export type AbortMessage = z.infer<typeof Abort>;

/** Why a message cannot be taken, with the JSON that could be; null when it fits. */
export function misfit(schema: z.ZodType, name: keyof typeof EXAMPLES, message: unknown): string | null {
  const parsed = schema.safeParse(message ?? {});
  if (parsed.success) return null;
  return `${name} takes ${EXAMPLES[name]}: ${z.prettifyError(parsed.error).replace(/\s+/g, ' ')}`;
}
