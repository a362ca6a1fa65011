import { objectOf } from '../catalogue/catalogue.ts';
import type { BillingObject } from '../catalogue/define-object.ts';
import { invariant } from '../errors.ts';
import type { Routes } from '../mapping/route.ts';
import { ROUTES } from '../mapping/routes.ts';
import { SEEDED_TEMPLATES } from '../mapping/seeded/seeded-templates.ts';
import { splitPath, type TemplateType } from '../mapping/transaction-template.ts';
import { DERIVATION_FIELDS } from './derivation-fields.ts';
import type { FieldNeed } from './feature.ts';

/** Labels without which a line is withheld, or has no amount, currency or period. */
export const ESSENTIAL_LABELS: ReadonlySet<string> = new Set([
  'Transaction Currency',
  'Subscription Name',
  'Sales Order Date',
  'Revenue Start Date',
  'Revenue End Date',
  'Ordered Qty',
  'Ext Sell Price',
  'Invoice Date',
]);

/**
 * The fields of Billing that lines of a type are made of: those that its seeded template names, those that the
 * transformation reads beside it, and the keys that lead from the driver to the objects of both.
 */
export function lineNeeds(type: TemplateType): FieldNeed[] {
  const routes = ROUTES[type];
  const needs = createNeeds();
  const from = [
    ...DERIVATION_FIELDS[type],
    ...SEEDED_TEMPLATES.filter((template) => template.type === type)
      .flatMap(({ rows }) => rows)
      // The entity's own record: no field of an export.
      .filter((row) => !row.from.startsWith('Entity.'))
      .map((row) => ({ anyOf: [row.from], fills: ESSENTIAL_LABELS.has(row.to) ? [] : [row.to] })),
  ];
  for (const { anyOf, fills } of from) {
    needs.add(
      anyOf.map((one) => fieldAt(routes, one)),
      fills,
    );
    // The other choices are there for when the first is not, and so are their keys.
    for (const keys of keysTo(routes, splitPath(anyOf[0] ?? '').path)) {
      needs.add(
        keys.map((key) => fieldAt(routes, key)),
        fills,
      );
    }
  }
  return needs.all();
}

/** Needs by their fields: labels gather, and one that is essential stays so. */
function createNeeds() {
  const byFields = new Map<string, FieldNeed>();
  return {
    add(anyOf: readonly string[], fills: readonly string[]): void {
      const key = anyOf.join(' ');
      const known = byFields.get(key);
      const essential = fills.length === 0 || known?.fills.length === 0;
      const labels = essential ? [] : [...new Set([...(known?.fills ?? []), ...fills])];
      byFields.set(key, { kind: 'field', anyOf, fills: labels });
    },
    all: (): FieldNeed[] => [...byFields.values()],
  };
}

/** The keys on the way from the driver to a path, from the far end; each a choice of `Path.Field`. */
function keysTo(routes: Routes, path: string): (readonly string[])[] {
  if (path === routes.driver) return [];
  const keys = keysOf(routes, path);
  const [first] = keys;
  return first === undefined ? [] : [keys, ...keysTo(routes, splitPath(first).path)];
}

function keysOf(routes: Routes, path: string): readonly string[] {
  const route = routes.routes.find((one) => one.path === path);
  if (route !== undefined) return route.via;
  const { path: start, field: name } = splitPath(path);
  const relation = objectAt(routes, start).relations[name];
  invariant(relation !== undefined, `no relation ${path} from ${routes.driver}`);
  return [`${start}.${relation.field}`];
}

/** `Subscription.Account.Name` -> `Account.Name`. */
function fieldAt(routes: Routes, from: string): string {
  const { path, field } = splitPath(from);
  return `${objectAt(routes, path).name}.${field}`;
}

function objectAt(routes: Routes, path: string): BillingObject {
  const route = routes.routes.find((one) => one.path === path);
  if (route !== undefined) return objectOf(route.object ?? route.path);
  if (path === routes.driver) return objectOf(path);
  const { path: start, field: name } = splitPath(path);
  const relation = objectAt(routes, start).relations[name];
  invariant(relation !== undefined, `no relation ${path} from ${routes.driver}`);
  return objectOf(relation.object);
}
