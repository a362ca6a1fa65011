import type { PartsDiff, TemplateDiff } from '../../domain/mapping/template-diff.ts';
import type {
  TemplateConstant,
  TemplateRow,
  TransactionTemplate,
} from '../../domain/mapping/transaction-template.ts';
import type { TemplateVersion } from '../../store/templates/template-versions.ts';
import { table } from '../output.ts';
import { mistakesText } from './mistakes-output.ts';

/** A version of a template for a person. */
export function templateVersionText(version: TemplateVersion): string[] {
  const { id, type, entity, status, mistakes, changedAt, changedBy, template } = version;
  return [
    `${id} is ${status === 'draft' ? 'a draft' : status}, since ${changedAt.slice(0, 19)} by ${changedBy}.`,
    `Forms ${type} lines of ${entity ?? 'every entity without a template of its own'}.`,
    ...mistakesText(mistakes ?? []),
    '',
    ...partsText(template),
  ];
}

function partsText({ rows, constants, defaults, filter, policies }: TransactionTemplate): string[] {
  return [
    ...table(
      ['row', 'to', 'from', 'type'],
      rows.map(({ to, from, type, end }, at) => [
        String(at + 1),
        to,
        from,
        end === undefined ? type : `${type}, ${end}`,
      ]),
    ),
    ...constantsText('Constants', constants),
    ...constantsText('Defaults', defaults),
    ...(filter === null ? [] : ['', `Filter: ${filter}`]),
    '',
    ...table(['policy', 'value'], Object.entries(policies)),
  ];
}

function constantsText(title: string, constants: readonly TemplateConstant[]): string[] {
  if (constants.length === 0) return [];
  return ['', `${title}:`, ...constants.map(({ to, type, value }) => `  ${to} = ${value} (${type})`)];
}

/** The differences for a person: what is taken away with -, what is added with +. */
export function diffText(diff: TemplateDiff): string[] {
  if (diff.same) return ['They form the same lines.'];
  const { rows, constants, defaults, filter, policies, reordered } = diff;
  return [
    ...partsDiffText('Rows', rows, rowText),
    ...partsDiffText('Constants', constants, constantText),
    ...partsDiffText('Defaults', defaults, constantText),
    ...(filter === null ? [] : ['Filter', `  - ${filter.before ?? 'none'}`, `  + ${filter.after ?? 'none'}`]),
    ...(policies.length === 0 ? [] : ['Policies']),
    ...policies.map(({ policy, before, after }) => `  ${policy}: ${before ?? 'none'} -> ${after ?? 'none'}`),
    ...(reordered ? ['Rows stand in another order, which lines do not show.'] : []),
  ];
}

function partsDiffText<Part>(
  title: string,
  { added, removed, changed }: PartsDiff<Part>,
  textOf: (part: Part) => string,
): string[] {
  const lines = [
    ...removed.map((part) => `  - ${textOf(part)}`),
    ...changed.flatMap(({ before, after }) => [`  - ${textOf(before)}`, `  + ${textOf(after)}`]),
    ...added.map((part) => `  + ${textOf(part)}`),
  ];
  return lines.length === 0 ? [] : [title, ...lines];
}

const rowText = ({ to, from, type, end }: TemplateRow): string =>
  `${to} from ${from} (${end === undefined ? type : `${type}, ${end}`})`;

const constantText = ({ to, type, value }: TemplateConstant): string => `${to} = ${value} (${type})`;
