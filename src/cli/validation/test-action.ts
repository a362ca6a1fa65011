import { RevsyncError } from '../../domain/errors.ts';
import { checkSetup } from '../../domain/setups/check-setup.ts';
import { bodyOf, setupDocument } from '../../domain/setups/setup-file.ts';
import type { ValidationSet } from '../../domain/validation/validation-set.ts';
import { VALIDATION } from '../../domain/validation/validation-setup.ts';
import type { Db } from '../../store/database.ts';
import { knownNames } from '../../store/setups/known-names.ts';
import { ruleBook, rulesOfOrg } from '../../store/validation/rules-of-org.ts';
import { type BrokenRule, type Trial, tryRules } from '../../store/validation/try-rules.ts';
import { oneOrg } from '../list-options.ts';
import { clipped } from '../list-output.ts';
import { openOutput, type Output, table } from '../output.ts';
import { setupInput } from '../setup/setup-input.ts';
import { printSetupMistakes } from '../setup/setup-mistakes.ts';
import { referredSetup } from '../setup/setup-reference.ts';
import { withSetups } from '../setup/with-setups.ts';
import { countOf } from '../template/mistakes-output.ts';

interface TestFlags {
  readonly file?: string;
  readonly rules?: string;
  readonly org?: string;
  readonly collected?: boolean;
  readonly json?: boolean;
}

/** What a terminal shows of the lines. */
const SHOWN = 50;

/** Judges the lines now in Staging by a file of rules, a version, or what is in force; changes nothing. */
export async function testAction({ json = false, collected = false, ...flags }: TestFlags): Promise<void> {
  const output = openOutput(json);
  if (flags.file !== undefined && flags.rules !== undefined) throw oneOfBoth();
  await withSetups(output, async (db) => {
    const org = await oneOrg(db, flags.org);
    const set = await setToTest(output, db, org, flags);
    if (set === 'mistaken') return;
    const book = set === 'in force' ? await rulesOfOrg(db, org) : await ruleBook(db, set);
    const trial = await tryRules(db, { org, book, collected });
    output.result(documentOf(trial), textOf(trial, collected ? 'in Staging or collected' : 'in Staging'));
  });
}

function oneOfBoth(): RevsyncError {
  return new RevsyncError('Either a file or a set of rules is tested.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Write `revsync validation test --file FILE` or `revsync validation test --rules NAME`.',
  });
}

async function setToTest(
  output: Output,
  db: Db,
  org: string,
  { file, rules }: TestFlags,
): Promise<ValidationSet | 'in force' | 'mistaken'> {
  if (file === undefined && rules === undefined) return 'in force';
  const read =
    file === undefined
      ? { input: setupDocument(VALIDATION, await referredSetup(db, VALIDATION, rules ?? '', org)) }
      : await setupInput(file, {});
  const { setup, mistakes } =
    'mistake' in read
      ? { setup: null, mistakes: [read.mistake] }
      : checkSetup(VALIDATION, read.input, await knownNames(db));
  if (setup !== null && mistakes.length === 0) return bodyOf(VALIDATION, setup.body) as ValidationSet;
  printSetupMistakes(output, {
    message: `${file ?? `"${rules}"`} has ${countOf(mistakes)}.`,
    remedy: 'Correct what is listed and test again.',
    mistakes,
    exit: 1,
  });
  return 'mistaken';
}

const documentOf = ({ org, lines, broken }: Trial) => ({ org, lines, rules: perRule(broken), broken });

function perRule(broken: readonly BrokenRule[]): { rule: string; lines: number }[] {
  const counts = new Map<string, number>();
  for (const { rule } of broken) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, lines]) => ({ rule, lines }));
}

function textOf({ org, lines, broken }: Trial, where: string): string[] {
  if (broken.length === 0) return [`${lines} lines of ${org} are ${where}; all keep the rules.`];
  const shown = broken.slice(0, SHOWN);
  const more = broken.length - shown.length;
  return [
    `${lines} lines of ${org} are ${where}. Nothing was changed; these would be stopped:`,
    '',
    ...table(
      ['rule', 'lines'],
      perRule(broken).map(({ rule, lines: count }) => [rule, String(count)]),
    ),
    '',
    ...table(
      ['rule', 'message', 'line'],
      shown.map(({ rule, message, line }) => [rule, clipped(message, 70), line]),
    ),
    ...(more > 0 ? [`and ${more} more; --json has all of them.`] : []),
  ];
}
