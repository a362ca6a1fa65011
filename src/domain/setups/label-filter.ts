import { comparisonMistakes, type Family } from '../mapping/checks/comparisons.ts';
import type { Mistake } from '../mapping/checks/mistake.ts';
import { type Filter, type FilterError, filterFields } from '../mapping/filter/filter.ts';
import { parseFilter } from '../mapping/filter/parse-filter.ts';
import { findStagingField, type InputValueType, STAGING_FIELDS } from '../mapping/staging-fields.ts';
import { invariant } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';

const FAMILIES: Readonly<Record<InputValueType, Family>> = {
  Character: 'text',
  Number: 'number',
  Date: 'day',
};
const LABELS = STAGING_FIELDS.map(({ label }) => label);

/** Which labels a filter may name. */
interface Labels {
  readonly typeOf: (label: string) => InputValueType | undefined;
  /** What is wrong with naming a label; null for nothing. */
  readonly wrong: (label: string) => Omit<Mistake, 'path'> | null;
}

const STAGING_LABELS: Labels = {
  typeOf: (label) => findStagingField(label)?.type,
  wrong: (label) => (findStagingField(label) === undefined ? noSuchLabel(label) : null),
};

/** What is wrong with a filter over transaction lines: `[Subscription Type] = 'EVERGREEN' and [Ordered Qty] > 0`. */
export function labelFilterMistakes(path: string, text: string, labels = STAGING_LABELS): Mistake[] {
  const read = parseFilter(text);
  const mistakeOf = ({ at, message, suggestion }: FilterError): Mistake => ({
    path,
    message: `At character ${at}: ${message}`,
    suggestion: inLabels(suggestion),
  });
  if ('error' in read) return [mistakeOf(read.error)];
  const unknown = filterFields(read.filter).flatMap(({ path: label, at }) => {
    const wrong = labels.wrong(label);
    return wrong === null ? [] : [mistakeOf({ at, ...wrong })];
  });
  const familyOf = ({ path: label }: { readonly path: string }) => {
    const type = labels.typeOf(label);
    return type === undefined ? null : FAMILIES[type];
  };
  return [...unknown, ...comparisonMistakes(read.filter, familyOf).map(mistakeOf)];
}

/** The filter; that it can be read is what the check of the set-up made sure of. */
export function labelFilter(text: string): Filter {
  const read = parseFilter(text);
  invariant('filter' in read, 'a frozen set-up has a filter that cannot be read');
  return read.filter;
}

/** A label that is none, with the one that is meant. */
export function noSuchLabel(label: string): Omit<Mistake, 'path'> {
  const near = nearestName(label, LABELS);
  return {
    message: `There is no staging field ${label}.`,
    suggestion:
      near === null ? 'Write a label as `revsync line show` has it, or ATR1-ATR60.' : `Did you mean ${near}?`,
  };
}

/** Filters of templates name fields of Billing; these name labels. */
const inLabels = (suggestion: string): string =>
  suggestion.replaceAll('Object.Field', '[Label]').replaceAll('Account.Currency', '[Transaction Currency]');
