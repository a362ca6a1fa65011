import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { BillingRecord } from '../port.ts';
import { fit, unexpected, type Reply } from './reply.ts';
import type { Session } from './session.ts';

/** What a call answers at most. */
const BATCH_SIZE = 2000;

/** `size` is the number of all records, so it says nothing about a page; an empty result has no `records`. */
const Page = z.object({
  records: z.array(z.record(z.string(), z.unknown())).nullish(),
  done: z.boolean().nullish(),
  queryLocator: z.string().nullish(),
});

/**
 * `POST /v1/action/query` and `queryMore` until it is done (wire.md 2.3): pages of up to 2,000 records, without
 * what is null in them. The next page is asked for when the caller asks; Billing keeps the cursor for 15
 * minutes. Throws `BILLING_CURSOR_EXPIRED` (retry: query again from the start) after that.
 */
export async function* queryZoql(session: Session, query: string): AsyncGenerator<readonly BillingRecord[]> {
  const conf = { batchSize: BATCH_SIZE };
  const seen = new Set<string>();
  let { reply, body } = await post(session, 'query', { queryString: query, conf });
  for (;;) {
    const { records, done, queryLocator } = fit(Page, body, reply);
    if (records != null && records.length > 0) yield records;
    if (done ?? !queryLocator) return;

    if (!queryLocator || seen.has(queryLocator)) {
      throw unexpected(reply, 'is not the last page but leads to no other', 'bug');
    }
    seen.add(queryLocator);
    ({ reply, body } = await post(session, 'queryMore', { queryLocator, conf }).catch(orExpired));
  }
}

function post(session: Session, action: string, body: object): Promise<{ reply: Reply; body: unknown }> {
  return session.json({
    method: 'POST',
    path: `/v1/action/${action}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** The fault for it is documented by name only (InvalidQueryLocatorFault), so any that speaks of a locator is meant. */
function orExpired(error: unknown): never {
  const refused = error instanceof RevsyncError && error.code === 'BILLING_REQUEST_REFUSED';
  if (!refused || !/locator|cursor/i.test(error.message)) throw error;
  throw new RevsyncError('The result of the query is no longer kept at Zuora Billing', {
    code: 'BILLING_CURSOR_EXPIRED',
    fate: 'retry',
    remedy: 'Query again from the start, and read page after page: Zuora keeps a cursor for 15 minutes.',
    context: error.context,
    cause: error,
  });
}
