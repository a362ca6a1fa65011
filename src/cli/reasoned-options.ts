import { Option } from 'commander';
import type { z } from 'zod';

import { RevsyncError } from '../domain/errors.ts';
import { Who, Why } from '../domain/operator/messages.ts';

/** `--reason`, which is kept with what is done. */
export const reasonOption = (): Option =>
  new Option('--reason <text>', 'why; kept for the audit').argParser((text) => said('--reason', Why, text));

/** `--by`, which is kept with what is done; without it, the user of this machine. */
export const byOption = (description: string): Option =>
  new Option('--by <name>', description).argParser((text) => said('--by', Who, text));

function said(option: string, schema: z.ZodType<string>, text: string): string {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const why =
    issue?.code === 'too_small'
      ? 'is blank'
      : issue?.code === 'too_big'
        ? `is longer than ${String(issue.maximum)} characters`
        : issue?.message;
  throw new RevsyncError(`${option} ${why}.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'It is kept for the audit: write it for those who read it there.',
  });
}
