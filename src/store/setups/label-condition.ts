import { type RawBuilder, sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import { findStagingField, type InputValueType } from '../../domain/mapping/staging-fields.ts';
import { labelFilter } from '../../domain/setups/label-filter.ts';
import { filterCondition } from '../transform/filter.ts';

const FIELD_TYPES = { Character: 'text', Number: 'decimal', Date: 'date' } as const satisfies Record<
  InputValueType,
  string
>;

/** A set-up's filter as a condition on `staging.line` under an alias: true or false, never null. */
export function labelCondition(filter: string | null, alias: string): RawBuilder<boolean> {
  if (filter === null) return sql<boolean>`true`;
  return filterCondition(labelFilter(filter), (label) => {
    const field = findStagingField(label);
    invariant(field !== undefined, `a frozen set-up filters by ${label}, which is no staging field`);
    return { value: labelValue(label, alias), type: FIELD_TYPES[field.type] };
  });
}

/** The staging field of a label, of `staging.line` under an alias. */
export function labelValue(label: string, alias: string): RawBuilder<unknown> {
  const field = findStagingField(label);
  invariant(field !== undefined, `there is no staging field ${label}`);
  return sql`${sql.ref(`${alias}.${field.column}`)}`;
}
