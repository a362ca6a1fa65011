import { type FilterError, type FilterField, filterFields } from '../filter/filter.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { resolvePath, type SourceField } from '../resolve-path.ts';
import type { Routes } from '../route.ts';
import { ROUTES } from '../routes.ts';
import { comparisonMistakes, type Family } from './comparisons.ts';
import type { Draft } from './draft.ts';
import type { Mistake } from './mistake.ts';

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
  if ('error' in read) return [mistakeOf(read.error)];
  if (type === null) return [];
  const lost = filterFields(read.filter).flatMap((field): Mistake[] => {
    const resolved = resolvePath(ROUTES[type], field.path);
    return 'deadEnd' in resolved ? [mistakeOf({ at: field.at, ...resolved.deadEnd })] : [];
  });
  const familyOf = (field: FilterField) => familyAt(field, ROUTES[type]);
  return [...lost, ...comparisonMistakes(read.filter, familyOf).map(mistakeOf)];
}

const mistakeOf = ({ at, message, suggestion }: FilterError): Mistake => ({
  path: 'filter',
  message: `At character ${at}: ${message}`,
  suggestion,
});

function familyAt({ path }: FilterField, routes: Routes): Family | null {
  const resolved = resolvePath(routes, path);
  return 'source' in resolved ? FAMILIES[resolved.source.type] : null;
}
