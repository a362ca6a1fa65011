import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { isTaxField } from '../../domain/catalogue/tax-field.ts';
import { invariant } from '../../domain/errors.ts';
import type { ObjectDescription } from '../port.ts';
import { zoqlName } from './zoql-name.ts';
import { zoqlText } from './zoql-text.ts';

/** Half-open: `from` belongs to it, `to` does not. ISO instants, cut to whole seconds as ZOQL has them. */
export interface ExportWindow {
  /** Null: from the beginning. */
  readonly from: string | null;
  /** Null: to now. Such a window cuts state objects, too, where they export UpdatedDate. */
  readonly to: string | null;
}

export interface ExportFilter {
  /** A field of the object, or of a related one by path: `Status`, `Subscription.Name`. */
  readonly field: string;
  readonly equals: string;
}

export interface ExportColumn {
  /** As the query names it: `Id`, `Account.Id`, `Region__c`. */
  readonly header: string;
  /** Where it goes: the field of the catalogue, or the name of the custom field. */
  readonly field: string;
  readonly custom: boolean;
}

export type ExportPlan =
  | { readonly query: string; readonly columns: readonly ExportColumn[] }
  | { readonly query: null; readonly reason: string };

/**
 * The query that exports all that the catalogue and the credentials have in common: every field but those of tax, by
 * its name or, where describe has only the path, as `<path>.Id`, and all custom fields. Transaction
 * objects are cut by the window of their UpdatedDate, state objects are read whole (wire.md 2.2 fact 7, 2.3), or as they
 * are now since a time.
 * `query` is null, with the reason, when a row could not be told from another.
 *
 * Without a window the text depends on nothing but the names that catalogue and describe have, not on their order
 * in describe: stateful jobs need that, because Billing reads a query in full again whose text has changed (fact 3).
 */
export function exportQuery(
  object: BillingObject,
  description: ObjectDescription,
  window: ExportWindow | null,
  filter?: ExportFilter,
): ExportPlan {
  const columns = columnsOf(object, description);
  const served = new Set(columns.map(({ field }) => field));
  const sinceATime = window?.to === null && served.has('UpdatedDate');
  const windowed = window !== null && (object.kind === 'transaction' || sinceATime);
  const needed = [...object.key, ...(windowed ? ['UpdatedDate'] : [])];
  const missing = needed.filter((field) => !served.has(field));
  if (missing.length > 0) {
    return { query: null, reason: `${object.name} does not export ${missing.join(' and ')}` };
  }

  const conditions = [
    ...(windowed ? windowConditions(window) : []),
    ...(filter === undefined ? [] : [`${zoqlName(filter.field)} = ${zoqlText(filter.equals)}`]),
  ];
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const headers = columns.map(({ header }) => header).join(', ');
  return { query: `select ${headers} from ${zoqlName(object.name)}${where}`, columns };
}

function columnsOf(object: BillingObject, { fields, related }: ObjectDescription): ExportColumn[] {
  const spelling = new Map(fields.map(({ name }) => [name.toLowerCase(), name]));
  const paths = new Map(related.map(({ path }) => [path.toLowerCase(), path]));
  const pathTo = (field: string) =>
    Object.entries(object.relations)
      .filter(([, relation]) => relation.field === field && relation.plain !== true)
      .map(([path]) => paths.get(path.toLowerCase()))
      .find((path) => path !== undefined);

  const own = Object.keys(object.fields).flatMap((field): ExportColumn[] => {
    if (isTaxField(object.name, field)) return [];
    const direct = spelling.get(field.toLowerCase());
    if (direct !== undefined) return [{ header: zoqlName(direct), field, custom: false }];
    const path = pathTo(field);
    return path === undefined ? [] : [{ header: `${zoqlName(path)}.Id`, field, custom: false }];
  });
  const custom = [...new Set(fields.map(({ name }) => name))]
    .filter((name) => name.endsWith('__c') && object.fields[name] === undefined)
    .toSorted()
    .map((name) => ({ header: zoqlName(name), field: name, custom: true }));
  return [...own, ...custom];
}

function windowConditions({ from, to }: ExportWindow): string[] {
  return [
    ...(from === null ? [] : [`UpdatedDate >= ${instant(from)}`]),
    ...(to === null ? [] : [`UpdatedDate < ${instant(to)}`]),
  ];
}

/** `2024-01-01T00:00:00.123Z` -> `'2024-01-01T00:00:00+0000'`; both ends are cut alike, so windows stay seamless. */
function instant(text: string): string {
  const date = new Date(text);
  invariant(
    /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(date.getTime()),
    'a window has instants with an offset',
  );
  return zoqlText(`${date.toISOString().slice(0, 19)}+0000`);
}
