import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';

/**
 * The workflow's one JSON input, completed with its defaults; nothing at all counts as `{}`. A wrong one
 * fails the start at once, with the JSON that would do.
 */
export function parseInput<Input>(schema: z.ZodType<Input>, example: string, raw: unknown): Input {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error).replace(/\s+/g, ' ');
  throw ApplicationFailure.nonRetryable(
    `The input is not valid (${why}). It takes ${example}.`,
    'INVALID_INPUT',
  );
}
