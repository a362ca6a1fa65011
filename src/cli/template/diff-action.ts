import { diffTemplates } from '../../domain/mapping/template-diff.ts';
import type { Db } from '../../store/database.ts';
import { entityKey } from '../list-options.ts';
import { openOutput, type Output } from '../output.ts';
import { diffData } from './diff-data.ts';
import { dataText } from './diff-data-text.ts';
import { replacedBy, requireComparable, type Side, sideOf, type UnfitSide } from './diff-sides.ts';
import { countOf, printMistakes } from './mistakes-output.ts';
import { diffText } from './template-text.ts';
import { withTemplates } from './with-templates.ts';

interface DiffOptions {
  readonly json?: boolean;
  readonly entity?: string;
  readonly samples?: number;
}

const SAMPLES = 5;

/** Compares two templates, or one with the default that it would replace: their texts, and what they form. */
export async function diffAction(
  first: string,
  second: string | undefined,
  { json = false, entity, samples = SAMPLES }: DiffOptions,
): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const asked = await entityKey(db, entity);
    const named = await sideOf(db, first, asked);
    if ('mistakes' in named) return printUnfit(output, named);
    const other =
      second === undefined ? await replacedBy(db, named.template, asked) : await sideOf(db, second, asked);
    if ('mistakes' in other) return printUnfit(output, other);
    const [before, after] = second === undefined ? [other, named] : [named, other];
    requireComparable(before, after, asked);
    await printDiff(output, db, { before, after, asked, samples });
  });
}

async function printDiff(
  output: Output,
  db: Db,
  asked: { before: Side; after: Side; asked: string | undefined; samples: number },
): Promise<void> {
  const { before, after } = asked;
  const diff = diffTemplates(before.template, after.template);
  const { data, withoutData } = await diffData(output, db, asked);
  const document = { before: headOf(before), after: headOf(after), ...diff, data, withoutData };
  output.result(document, [
    `From "${before.id}" to "${after.id}":`,
    ...diffText(diff),
    ...data.flatMap((each) => ['', ...dataText(each, asked)]),
    ...(withoutData === null ? [] : ['', `${withoutData}: only the templates themselves are compared.`]),
  ]);
}

const headOf = ({ id, template: { name, type, entity } }: Side) => ({ id, name, type, entity });

function printUnfit(output: Output, { id, mistakes }: UnfitSide): void {
  printMistakes(output, {
    message: `"${id}" has ${countOf(mistakes)}; nothing can be formed by it.`,
    remedy: 'Correct what is listed; `revsync template check` tells the same.',
    mistakes,
    exit: 2,
  });
}
