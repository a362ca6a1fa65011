import { z } from 'zod';

import { type CallContract, once } from '../call-contract.ts';
import { CONCURRENCY_HEADERS, V1 } from '../refusals.ts';

/** What all lists of /v1 have in common: pages from 1 of at most 40, and the address of the next one. */
export const LIST_CALL: Pick<CallContract, 'access' | 'entity' | 'request' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  request: null,
  refusals: [V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

export const PAGING = {
  page: once(z.string().regex(/^[1-9]\d*$/)).optional(),
  pageSize: once(z.string().regex(/^([1-9]|[1-3]\d|40)$/)).optional(),
};

/** The body of a list that went well. */
export const listOf = (name: string, item: z.ZodType) =>
  z.strictObject({
    [name]: z.array(item).max(1000),
    nextPage: z.url().optional(),
    success: z.literal(true),
  });
