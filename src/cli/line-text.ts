import type { BillingField } from '../store/lines/field-inputs.ts';
import type { FieldOrigin } from '../store/lines/field-lineage.ts';
import type { LineSource } from '../store/lines/sources.ts';
import type { ShownLine } from '../store/show-line.ts';
import { clipped } from './list-output.ts';
import { table } from './output.ts';
import { wrapped } from './wrapped.ts';

const WIDTH = 120;
const LONGEST_VALUE = 40;

/** A filled field: label, value, where that is from. */
type Filled = readonly [label: string, value: string, origin: FieldOrigin | undefined];

/** A line for a person: its fields with where they come from, what holds it, and the billing rows behind it. */
export function lineText(line: ShownLine): string[] {
  const { lineage } = line;
  const filled = Object.entries(line.fields).flatMap(([label, value]): Filled[] =>
    value === null ? [] : [[label, value, lineage.fields[label]]],
  );
  return [
    `${line.id} is ${line.status}. Organisation ${line.org}, entity ${line.entity}, run ${lineage.run}.`,
    `Formed by "${lineage.template}", version ${lineage.templateVersion}.`,
    ...line.holds.flatMap(({ limitation, message, remedy }) => [
      '',
      `${limitation}: ${message}`,
      `  ${remedy}`,
    ]),
    ...line.decisions.flatMap(({ as, by, at, reason }) => [
      '',
      `${as === 'rejected' ? 'Rejected' : `Released as ${as}`} by ${by} on ${at.slice(0, 10)}: ${reason}`,
    ]),
    '',
    ...fitting(['field', 'value', 'row', 'from (*: see below)'], filled.map(fieldCells)),
    ...paragraph(filled.flatMap(ruleText)),
    '',
    ...fitting(['source', 'id', 'version of', 'since then', 'reached as'], lineage.sources.map(sourceCells)),
  ];
}

/** Apart from what is before, unless there is nothing. */
const paragraph = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** A table whose last column takes what is left of a terminal's width. */
function fitting(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const last = header.length - 1;
  const taken = header
    .slice(0, last)
    .map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)) + 2);
  const left = WIDTH - taken.reduce((sum, width) => sum + width, 0);
  return table(
    header,
    rows.map((row) => [...row.slice(0, last), clipped(row[last] ?? '', left)]),
  );
}

const fieldCells = ([label, value, origin]: Filled): string[] => [
  label,
  clipped(value, LONGEST_VALUE),
  origin?.row ?? '',
  originText(origin),
];

function originText(origin: FieldOrigin | undefined): string {
  if (origin === undefined) return '';
  const { from, derived, differs } = origin;
  return `${from ?? ''}${derived === null ? '' : '*'}${differs ? ' (which now differs)' : ''}`;
}

function ruleText([label, , origin]: Filled): string[] {
  if (origin?.derived == null) return [];
  const read = inputsText(origin.inputs);
  return wrapped(`* ${label}: ${origin.derived}${read === '' ? '' : ` Reads ${read}.`}`, WIDTH);
}

/** `RatePlanCharge c1 (OriginalId, Segment), Subscription s1 (Version)`. */
function inputsText(inputs: readonly BillingField[]): string {
  const byRow = new Map<string, string[]>();
  for (const { object, id, field } of inputs) {
    const row = `${object} ${id ?? '?'}`;
    byRow.set(row, [...(byRow.get(row) ?? []), field]);
  }
  return [...byRow].map(([row, fields]) => `${row} (${fields.join(', ')})`).join(', ');
}

/** Which of several rows of an object it is: `InvoiceOwner`. */
function byPath(object: string, paths: readonly string[]): string {
  const steps = paths.map((path) => path.slice(path.lastIndexOf('.') + 1));
  return [...new Set(steps)].filter((step) => step !== object).join(', ');
}

const sourceCells = ({ object, id, updatedDate, changedSince, paths }: LineSource): string[] => [
  object,
  id ?? 'no longer to be told',
  updatedDate?.slice(0, 19) ?? '',
  changedSince ? 'changed' : '',
  byPath(object, paths),
];
