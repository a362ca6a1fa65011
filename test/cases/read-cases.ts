import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

/** Worked cases: what goes in, and what has to come out. Amounts are decimal text. */
const CASES = z.object({
  cases: z.array(z.object({ id: z.string(), op: z.string(), input: z.unknown(), expected: z.unknown() })),
});

/** What is run here. */
const OPERATIONS = [
  'rule:typemap',
  'rule:sign_rule',
  'rule:valid_dates',
  'rule:service_days',
  'rule:key_group',
  'rule:window_group',
  'rule:cm_lifo',
  'rule:collect',
  'rule:same_version',
  'rule:segment_carry',
  'allocate',
  'formulas',
] as const;
type Operation = (typeof OPERATIONS)[number];

type Case = z.infer<typeof CASES>['cases'][number];

export interface CaseFile {
  readonly path: string;
  readonly cases: readonly Case[];
  /** The operations of the file that are run here, each with the number of its cases: `rule:typemap (6)`. */
  readonly run: readonly string[];
  /** Those that are not. */
  readonly leftAlone: readonly string[];
}

const OWN = join(import.meta.dirname, 'revenue-cases.json');

/** The file that REVENUE_CASES names, else ours: a copy of those that can be run. */
export const caseFile = (): CaseFile => readCases(process.env['REVENUE_CASES'] || OWN);

/** A file of cases; one that says nothing about what is run here is a mistake, too. */
export function readCases(path: string): CaseFile {
  const read = CASES.safeParse(jsonOf(path));
  if (!read.success) throw new Error(`${path} is no file of cases:\n${z.prettifyError(read.error)}`);
  const { cases } = read.data;
  const counts = new Map<string, number>();
  for (const { op } of cases) counts.set(op, (counts.get(op) ?? 0) + 1);
  const named = [...counts].map(([op, count]) => ({ op, text: `${op} (${count})` }));
  const run = named.filter(({ op }) => isRun(op)).map(({ text }) => text);
  const leftAlone = named.filter(({ op }) => !isRun(op)).map(({ text }) => text);
  if (run.length > 0) return { path, cases, run, leftAlone };
  const others = leftAlone.length === 0 ? 'it has none at all' : `it has only ${leftAlone.join(', ')}`;
  throw new Error(`${path} has no case of ${OPERATIONS.join(', ')}; ${others}.`);
}

const isRun = (op: string): boolean => OPERATIONS.some((each) => each === op);

function jsonOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`The cases cannot be read (REVENUE_CASES): ${String(error)}`, { cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${String(error)}`, { cause: error });
  }
}

/**
 * The cases of an operation, or those of them with these ids. A case that is not of the form which the operation has is told
 * by its id.
 */
export function casesOf<Input, Expected>(
  { path, cases }: CaseFile,
  op: Operation,
  input: z.ZodType<Input>,
  expected: z.ZodType<Expected>,
  ids?: readonly string[],
): readonly (readonly [id: string, input: Input, expected: Expected])[] {
  const form = z.object({ input, expected });
  return cases
    .filter((each) => each.op === op && (ids?.includes(each.id) ?? true))
    .map((each) => {
      const read = form.safeParse(each);
      if (read.success) return [each.id, read.data.input, read.data.expected];
      throw new Error(
        `Case ${each.id} of ${path} has not the form of ${op}:\n${z.prettifyError(read.error)}`,
      );
    });
}
