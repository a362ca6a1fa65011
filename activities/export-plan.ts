import { createHash } from 'node:crypto';

import type { Billing, ExportQuery, ObjectDescription } from '../src/billing/port.ts';
import { CATALOGUE } from '../src/domain/catalogue/catalogue.ts';
import type { BillingObject } from '../src/domain/catalogue/define-object.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import type { Selection } from '../src/store/runs.ts';
import type { Dependencies } from './dependencies.ts';
import type { OpenedRun } from './open-run.ts';

/** Our name of the column that tells deleted rows. */
export const DELETED_COLUMN = 'RevsyncDeleted';

const DESCRIBES_AT_ONCE = 4;

/** No line can be formed without these. Every tenant has them: one that is not there is kept from us. */
const ESSENTIAL = ['Account', 'Subscription', 'RatePlan', 'RatePlanCharge', 'Invoice', 'InvoiceItem'];

/** An object that the tenant has and the credentials may read. */
export interface Described {
  readonly object: BillingObject;
  readonly description: ObjectDescription;
}

/** What the credentials may read of the catalogue's objects, or of those that are named. */
export async function describeAll(billing: Billing, named?: readonly string[]): Promise<Described[]> {
  const objects = CATALOGUE.filter(({ name }) => named?.includes(name) ?? true);
  const described: Described[] = [];
  for (let at = 0; at < objects.length; at += DESCRIBES_AT_ONCE) {
    const some = await Promise.all(
      objects.slice(at, at + DESCRIBES_AT_ONCE).map(async (object) => ({
        object,
        description: await billing.describe(object.name),
      })),
    );
    for (const { object, description } of some) {
      if (description !== null) described.push({ object, description });
    }
  }
  return described;
}

/** What a run makes of whatever is described. */
export interface Plan {
  /** Null: the queries name no window, because Billing itself adds what changed (stateful mode). */
  readonly window: OpenedRun['window'] | null;
  /** Whether state objects are read whole, the default, or only what changed since the window began. */
  readonly whole?: boolean;
  readonly selection: Selection;
  /** Whether an object with these columns is read from the beginning, whatever the window says. */
  readonly anew: (asked: string) => boolean;
  /** Objects whose export may have a deleted column. */
  readonly deletes: (object: string) => boolean;
}

export interface PlannedQuery extends ExportQuery {
  /** The object and a fingerprint of its columns: `InvoiceItem 1f0c...`. */
  readonly asked: string;
}

/** A query per object whose rows can be told from another. Throws what `requireEssential` throws. */
export function exportQueries(
  deps: Pick<Dependencies, 'aqua'>,
  described: readonly Described[],
  plan: Plan,
): PlannedQuery[] {
  const queries = plannedQueries(deps, described, plan);
  if (plan.selection.objects === undefined) requireEssential(queries);
  return queries;
}

/** The same, whether or not what is needed is among them. */
export function plannedQueries(
  { aqua }: Pick<Dependencies, 'aqua'>,
  described: readonly Described[],
  { window, whole = true, selection, anew, deletes }: Plan,
): PlannedQuery[] {
  return described.flatMap(({ object, description }): PlannedQuery[] => {
    const { name } = object;
    const asked = `${name} ${fingerprintOf(aqua.exportQuery(object, description, null).query)}`;
    // Rows point at state objects as they are now, whatever the window's end.
    const to = window === null || (object.kind === 'state' && !whole) ? null : window.to;
    const span = window && { from: anew(asked) ? null : window.from, to };
    const { query } = aqua.exportQuery(object, description, span, filterOf(object, selection));
    if (query === null) return [];
    const deleted = object.deletes && deletes(name) ? { deletedColumn: DELETED_COLUMN } : {};
    return [{ name, query, ...deleted, asked }];
  });
}

/** Columns come in a fixed order, so that a query without conditions tells them apart. */
function fingerprintOf(query: string | null): string {
  return createHash('sha256')
    .update(query ?? '')
    .digest('hex')
    .slice(0, 16);
}

/**
 * A run without the essential objects would move the mark past rows that it never saw.
 *
 * @throws RevsyncError `BILLING_PERMISSION_MISSING`, which names them
 */
function requireEssential(queries: readonly ExportQuery[]): void {
  const missing = ESSENTIAL.filter((name) => !queries.some((query) => query.name === name));
  if (missing.length === 0) return;
  throw new RevsyncError(`Billing does not let the integration user read ${missing.join(', ')}.`, {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    remedy: 'Give the role of the integration user the right to read them, then send `retry`.',
  });
}

/** Which field of an object a chosen subscription or account is found by; objects without it are read whole. */
function filterOf({ name, kind, relations }: BillingObject, { subscription, account }: Selection) {
  if (kind === 'state') return undefined;
  if (subscription !== undefined && name === 'Subscription') return { field: 'Name', equals: subscription };
  if (subscription !== undefined && relations['Subscription'] !== undefined) {
    return { field: 'Subscription.Name', equals: subscription };
  }
  if (account !== undefined && relations['Account'] !== undefined) {
    return { field: 'Account.AccountNumber', equals: account };
  }
  return undefined;
}
