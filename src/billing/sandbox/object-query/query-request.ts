import { type BillingObject } from '../../../domain/catalogue/define-object.ts';
import { type Tenant } from '../tenant.ts';
import { fieldNamed } from './filter.ts';
import { ObjectQueryError } from './object-query-error.ts';

export interface SortOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** The parameters of an object query (wire.md 2.3), read and checked but for what hangs on the object. */
export interface ObjectQueryRequest {
  readonly pageSize: number;
  readonly offset: number;
  readonly sort: SortOrder | null;
  /** Paths like `subscriptions.rateplans`, in lower case. */
  readonly expand: readonly string[];
  readonly filter: readonly string[];
  /** Fields of an object or an expanded path, in lower case; null: all of them. */
  readonly fieldsOf: (path: string) => ReadonlySet<string> | null;
  readonly includeNullFields: boolean;
}

const MOST = 50;
const UNLESS_TOLD = 10;

/** Throws `ObjectQueryError`. */
export function readRequest(
  tenant: Tenant,
  object: BillingObject,
  query: URLSearchParams,
): ObjectQueryRequest {
  const pageSize = Number(query.get('pageSize') ?? UNLESS_TOLD);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MOST) {
    throw new ObjectQueryError(400, `pageSize must be a whole number from 1 to ${MOST}`);
  }
  const lists = (name: string): string[] =>
    query.getAll(name).flatMap((value) => value.split(',').map((part) => part.trim().toLowerCase()));
  const own = lists('fields[]');
  for (const field of own) fieldNamed(tenant, object, field);
  return {
    pageSize,
    offset: offsetOf(query.get('cursor')),
    sort: sortOf(tenant, object, query.getAll('sort[]')),
    expand: lists('expand[]').filter((path) => path !== ''),
    filter: query.getAll('filter[]'),
    fieldsOf(path) {
      const wanted = [...(path === object.name.toLowerCase() ? own : []), ...lists(`${path}.fields[]`)];
      return wanted.length === 0 ? null : new Set(wanted);
    },
    includeNullFields: query.get('includeNullFields') === 'true',
  };
}

/** Opaque to the caller: where the next page begins. */
export function cursorAt(offset: number): string {
  return Buffer.from(JSON.stringify({ offset }), 'utf8').toString('base64url');
}

function offsetOf(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0;
  const [, offset] = /^\{"offset":(\d{1,9})\}$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (offset === undefined) throw new ObjectQueryError(400, 'The cursor is invalid');
  return Number(offset);
}

function sortOf(tenant: Tenant, object: BillingObject, sorts: readonly string[]): SortOrder | null {
  const [sort, more] = sorts;
  if (sort === undefined) return null;
  if (more !== undefined) throw new ObjectQueryError(400, 'Only one field can be sorted by');
  const [, field = '', direction] = /^(\w+)(?:\.(ASC|DESC))?$/i.exec(sort) ?? [];
  if (field === '') throw new ObjectQueryError(400, `'${sort}' is not of the form field.ASC or field.DESC`);
  return { field: fieldNamed(tenant, object, field).name, descending: direction?.toUpperCase() === 'DESC' };
}
