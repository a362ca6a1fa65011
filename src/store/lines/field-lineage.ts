import { derivationRule } from '../../domain/mapping/derivation-rules.ts';
import { mappedRows } from '../../domain/mapping/mapped-rows.ts';
import { STAGING_FIELDS, type StagingField } from '../../domain/mapping/staging-fields.ts';
import { splitPath } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { type BillingField, fieldInputs, type TracedLine } from './field-inputs.ts';
import { type MappedThen, readMapped } from './mapped-then.ts';
import { sourceAt } from './sources.ts';
import type { Trail } from './trail.ts';

/** Where a field of a line comes from: a row of the template, a value that it holds, a rule of the transformation. */
export interface FieldOrigin {
  /** Position of the row in the template, from 1; null when no row fills the field. */
  readonly row: string | null;
  /** What that row maps from, as the policies about owners turn it: `Subscription.InvoiceOwner.Name`. */
  readonly from: string | null;
  readonly object: BillingField['object'] | null;
  readonly id: BillingField['id'];
  readonly field: BillingField['field'] | null;
  /** The version of the billing row. */
  readonly updatedDate: string | null;
  /** What else forms the value: a constant or default of the template, a rule; null when it stands as mapped. */
  readonly derived: string | null;
  /** What that rule reads of the rows there were. */
  readonly inputs: readonly BillingField[];
  /** Whether the field stands as mapped and yet the version of the billing row that is known holds something else. */
  readonly differs: boolean;
}

/** The origin of every field that the template or a rule fills, by label. */
export async function fieldLineage(
  db: Db,
  trail: Trail,
  line: TracedLine,
): Promise<Record<string, FieldOrigin>> {
  const found = await readMapped(db, trail, line);
  const rows = mappedRows(trail.template);
  const origins = STAGING_FIELDS.flatMap((field): [string, FieldOrigin][] => {
    const { label, column } = field;
    const at = rows.findIndex(({ to }) => to === label);
    const mapped = found.get(label);
    const derived = derivedBy(trail, field, mapped);
    if (at < 0 && derived === null) return [];
    const from = mappedFrom(trail, line, rows[at]?.from, at);
    const inputs = fieldInputs(db, trail, line, column);
    return [[label, { ...from, derived, inputs, differs: derived === null && mapped?.same === false }]];
  });
  return Object.fromEntries(origins);
}

type Mapped = Pick<FieldOrigin, 'row' | 'from' | 'object' | 'id' | 'field' | 'updatedDate'>;

function mappedFrom(trail: Trail, line: TracedLine, from: string | undefined, at: number): Mapped {
  if (from === undefined) {
    return { row: null, from: null, object: null, id: null, field: null, updatedDate: null };
  }
  const { path, field } = splitPath(from);
  const source = sourceAt(line.sources, path);
  const object = trail.stops.find(({ alias }) => alias === path)?.object.name ?? path;
  const id = path === 'Entity' ? line.entity : (source?.id ?? null);
  return { row: String(at + 1), from, object, id, field, updatedDate: source?.updatedDate ?? null };
}

function derivedBy(
  { template: { type, constants, defaults }, derived }: Trail,
  { label, column }: StagingField,
  mapped: MappedThen | undefined,
): string | null {
  const constant = constants.find(({ to }) => to === label);
  const instead = mapped?.empty === true ? defaults.find(({ to }) => to === label) : undefined;
  const sentences = [
    ...(constant === undefined ? [] : [`The template's constant "${constant.value}".`]),
    ...(instead === undefined
      ? []
      : [`The template's default "${instead.value}", since what is mapped was empty.`]),
    ...(derived[column] === undefined ? [] : [derivationRule(type, label)]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}
