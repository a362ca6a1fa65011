import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { columnsRead, type ReadColumn } from './columns-read.ts';
import type { LineKey } from './line-key.ts';
import { type LineSource, sourceAt } from './sources.ts';
import type { Trail } from './trail.ts';

/** A field of a billing row; of the entity's own record, whose id is its key. */
export interface BillingField {
  readonly object: string;
  /** Null when the way to the row leads nowhere, or can no longer be told. */
  readonly id: string | null;
  readonly field: string;
}

export interface TracedLine extends LineKey {
  readonly sources: readonly LineSource[];
}

/** What the rule that forms a column of the line reads of the rows there were, each field once; nothing without a rule. */
export function fieldInputs(db: Db, trail: Trail, line: TracedLine, column: string): BillingField[] {
  const expression = trail.derived[column];
  if (expression === undefined) return [];
  const inputs = columnsRead(db, expression, trail.computed).flatMap((read) => inputOf(trail, line, read));
  const once = new Map(inputs.map((input) => [`${input.object} ${input.id} ${input.field}`, input]));
  return [...once.values()];
}

/** Nothing for what is no field of Billing's, and for rows there were none of. */
function inputOf({ stops }: Trail, line: TracedLine, { alias, column, custom }: ReadColumn): BillingField[] {
  if (alias === 'Entity') {
    const field = ENTITY_COLUMNS[column];
    return field === undefined ? [] : [{ object: 'Entity', id: line.entity, field }];
  }
  const object = stops.find((stop) => stop.alias === alias)?.object;
  const source = sourceAt(line.sources, alias);
  const field = object && (custom ?? fieldIn(object, column));
  return object && source && field ? [{ object: object.name, id: source.id, field }] : [];
}

const ENTITY_COLUMNS: Readonly<Record<string, string>> = {
  display_name: 'DisplayName',
  entity_name: 'EntityName',
  home_currency: 'HomeCurrency',
};

const fieldIn = (object: BillingObject, column: string): string | undefined =>
  Object.keys(object.fields).find((field) => columnOf(object, field) === column);
