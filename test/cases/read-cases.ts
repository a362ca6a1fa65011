import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

/** Worked cases: what goes in, and what has to come out. Amounts are decimal text. */
const CASES = z.object({
  cases: z.array(z.object({ id: z.string(), op: z.string(), input: z.unknown(), expected: z.unknown() })),
});

const OWN = join(import.meta.dirname, 'revenue-cases.json');

/**
 * The cases of an operation, or those of them with these ids, of the file that REVENUE_CASES names, else of ours: a copy
 * of those that can be run. Cases of operations that nobody runs yet are left alone.
 */
export function casesOf<Input, Expected>(
  op: string,
  input: z.ZodType<Input>,
  expected: z.ZodType<Expected>,
  ids?: readonly string[],
): readonly (readonly [id: string, input: Input, expected: Expected])[] {
  const text = readFileSync(process.env['REVENUE_CASES'] ?? OWN, 'utf8');
  const { cases } = CASES.parse(JSON.parse(text));
  return cases
    .filter((each) => each.op === op && (ids?.includes(each.id) ?? true))
    .map((each) => [each.id, input.parse(each.input), expected.parse(each.expected)]);
}
