import type {
  Comparison,
  Filter,
  FilterError,
  FilterField,
  FilterLiteral,
  FilterOperand,
} from '../filter/filter.ts';
import { isDay } from '../input-values.ts';

/** What can be compared with what. */
export type Family = 'text' | 'number' | 'boolean' | 'day' | 'custom';

/** Null for a field that does not exist. */
type FamilyOf = (field: FilterField) => Family | null;

/** Comparisons of fields with what they cannot be compared with. */
export function comparisonMistakes(filter: Filter, familyOf: FamilyOf): FilterError[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap((term) => comparisonMistakes(term, familyOf));
    case 'not':
      return comparisonMistakes(filter.term, familyOf);
    case 'in':
      return filter.values.flatMap((value) => mismatch(filter.field, value, '=', familyOf));
    case 'null':
      return [];
    case 'compare': {
      const { left, right, operator } = filter;
      return left.kind === 'field'
        ? mismatch(left, right, operator, familyOf)
        : right.kind === 'field'
          ? mismatch(right, left, operator, familyOf)
          : [];
    }
  }
}

/** A field and what it is compared with have to be of one kind; of custom fields nobody knows. */
function mismatch(
  field: FilterField,
  other: FilterOperand,
  operator: Comparison,
  familyOf: FamilyOf,
): FilterError[] {
  const family = familyOf(field);
  const otherFamily = other.kind === 'field' ? familyOf(other) : literalFamily(other, family);
  if (family === null || otherFamily === null) return [];
  const free = family === 'custom' || otherFamily === 'custom';
  if (!free && family !== otherFamily) {
    const message = `${field.path} is a ${family}, and this is not.`;
    return [{ at: other.at, message, suggestion: WRITE[family] }];
  }
  if (family === 'boolean' && operator !== '=' && operator !== '!=') {
    const message = `${field.path} is true or false.`;
    return [{ at: field.at, message, suggestion: 'Compare it with = or !=.' }];
  }
  return [];
}

const WRITE: Readonly<Record<Family, string>> = {
  text: "Compare it with text in quotes: 'EUR'.",
  number: 'Compare it with a number: 12.50.',
  boolean: 'Compare it with true or false.',
  day: "Compare it with a day in quotes: '2024-01-31'.",
  custom: 'Compare it with text in quotes or a number.',
};

/** Days are written as text. */
function literalFamily({ kind, value }: FilterLiteral, beside: Family | null): Family {
  return kind === 'text' && beside === 'day' && isDay(value) ? 'day' : kind;
}
