import type { Comparison, Filter, FilterField, FilterLiteral, FilterOperand } from '../filter/filter.ts';
import { filterFields } from '../filter/filter.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { isDay } from '../input-values.ts';
import { resolvePath, type SourceField } from '../resolve-path.ts';
import type { Routes } from '../route.ts';
import { ROUTES } from '../routes.ts';
import type { Draft } from './draft.ts';
import type { Mistake } from './mistake.ts';

type Family = 'text' | 'number' | 'boolean' | 'day' | 'custom';

const FAMILIES: Readonly<Record<SourceField['type'], Family>> = {
  text: 'text',
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'day',
  datetime: 'day',
  custom: 'custom',
};

/** What is wrong with the filter: how it is written, the fields it reads, and what it compares them with. */
export function checkFilter({ type, filter: text }: Draft): Mistake[] {
  if (text === null) return [];
  const read = parseFilter(text);
  if ('error' in read) return [mistake(read.error.at, read.error.message, read.error.suggestion)];
  if (type === null) return [];
  const lost = filterFields(read.filter).flatMap((field): Mistake[] => {
    const resolved = resolvePath(ROUTES[type], field.path);
    return 'deadEnd' in resolved
      ? [mistake(field.at, resolved.deadEnd.message, resolved.deadEnd.suggestion)]
      : [];
  });
  return [...lost, ...comparisons(read.filter, ROUTES[type])];
}

const mistake = (at: number, message: string, suggestion: string): Mistake => ({
  path: 'filter',
  message: `At character ${at}: ${message}`,
  suggestion,
});

function comparisons(filter: Filter, routes: Routes): Mistake[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap((term) => comparisons(term, routes));
    case 'not':
      return comparisons(filter.term, routes);
    case 'in':
      return filter.values.flatMap((value) => mismatch(filter.field, value, '=', routes));
    case 'null':
      return [];
    case 'compare': {
      const { left, right, operator } = filter;
      return left.kind === 'field'
        ? mismatch(left, right, operator, routes)
        : right.kind === 'field'
          ? mismatch(right, left, operator, routes)
          : [];
    }
  }
}

/** A field and what it is compared with have to be of one kind; of custom fields nobody knows. */
function mismatch(field: FilterField, other: FilterOperand, operator: Comparison, routes: Routes): Mistake[] {
  const family = familyOf(field, routes);
  const otherFamily = other.kind === 'field' ? familyOf(other, routes) : literalFamily(other, family);
  if (family === null || otherFamily === null) return [];
  const free = family === 'custom' || otherFamily === 'custom';
  if (!free && family !== otherFamily) {
    return [mistake(other.at, `${field.path} is a ${family}, and this is not.`, WRITE[family])];
  }
  if (family === 'boolean' && operator !== '=' && operator !== '!=') {
    return [mistake(field.at, `${field.path} is true or false.`, 'Compare it with = or !=.')];
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

function familyOf({ path }: FilterField, routes: Routes): Family | null {
  const resolved = resolvePath(routes, path);
  return 'source' in resolved ? FAMILIES[resolved.source.type] : null;
}

/** Days are written as text. */
function literalFamily({ kind, value }: FilterLiteral, beside: Family | null): Family {
  return kind === 'text' && beside === 'day' && isDay(value) ? 'day' : kind;
}
