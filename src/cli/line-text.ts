import type { FieldOrigin } from '../store/lines/field-lineage.ts';
import type { ShownLine } from '../store/show-line.ts';
import { clipped } from './list-output.ts';
import { table } from './output.ts';

/** A line for a person: its fields with where they come from, what holds it, and the billing rows behind it. */
export function lineText(line: ShownLine): string[] {
  const { lineage } = line;
  const fields = Object.entries(line.fields).flatMap(([label, value]) =>
    value === null ? [] : [[label, clipped(value, 40), clipped(originText(lineage.fields[label]), 46)]],
  );
  const sources = lineage.sources.map(({ object, id, updatedDate, changedSince }) => [
    object,
    id ?? 'no longer to be told',
    updatedDate?.slice(0, 19) ?? '',
    changedSince ? 'changed' : '',
  ]);
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
    ...table(['field', 'value', 'from'], fields),
    '',
    ...table(['source', 'id', 'version of', 'since then'], sources),
  ];
}

function originText(origin: FieldOrigin | undefined): string {
  if (origin === undefined) return '';
  const { from, derived } = origin;
  return from === null ? (derived ?? '') : `${from}${derived === null ? '' : ', and a rule'}`;
}
