import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { BillingRecord, ObjectQuery } from '../port.ts';
import { readPages } from './paging.ts';
import { fit } from './reply.ts';
import type { Session } from './session.ts';

const MAX_PAGE = 50;

const Page = z.object({ data: z.array(z.record(z.string(), z.unknown())).nullish() });

/**
 * `GET /object-query/{object}` (wire.md 2.3), page by page. `nextPage` is a cursor for the same query; an
 * address there is followed as well. Bad queries throw `BILLING_REQUEST_REFUSED` before any call.
 */
export async function* queryObjects(
  session: Session,
  query: ObjectQuery,
): AsyncGenerator<readonly BillingRecord[]> {
  const first = pathOf(query);
  const next = (nextPage: string) =>
    /^(https?:)?\//i.test(nextPage) ? nextPage : `${first}&cursor=${encodeURIComponent(nextPage)}`;

  for await (const { reply, body } of readPages(session, first, next)) {
    const { data } = fit(Page, body, reply);
    if (data != null && data.length > 0) yield data;
  }
}

function pathOf({ object, pageSize = MAX_PAGE, sort, expand, filter, fields }: ObjectQuery): string {
  if (!/^[A-Za-z0-9_-]+$/.test(object)) {
    throw refused('The object query names no object', 'Name it as in the path: invoice-items, orders.');
  }
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE) {
    throw refused('The object query has a page size that Billing refuses', 'Ask for 1 to 50 records a page.');
  }
  const lists = Object.entries({
    'sort[]': sort,
    'expand[]': expand,
    'filter[]': filter,
    'fields[]': fields,
  });
  const parameters = [
    `pageSize=${pageSize}`,
    ...lists.flatMap(([name, values = []]) =>
      values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    ),
  ];
  return `/object-query/${object}?${parameters.join('&')}`;
}

function refused(message: string, remedy: string): RevsyncError {
  return new RevsyncError(message, { code: 'BILLING_REQUEST_REFUSED', fate: 'fix-input', remedy });
}
