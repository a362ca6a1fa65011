import { z } from 'zod';

import { type CallContract, JSON_TYPE } from '../call-contract.ts';
import { ACTION, CONCURRENCY_HEADERS, V1 } from '../refusals.ts';

const Conf = z.strictObject({ batchSize: z.number().int().min(1).max(2000) }).optional();
/** Lower-case words, no `*`, no joins, no parentheses, nothing sorted. */
const QueryString = z
  .string()
  .regex(/^select [A-Za-z]\w*(, ?[A-Za-z]\w*)* from [A-Za-z]\w*( where .+)?$/)
  .refine((text) => !/\b(order by|group by|join)\b| in \(/i.test(text), 'is more than ZOQL can');

/** Nulls are left out of records; `size` is how many there are in all pages together. */
const Page = z
  .strictObject({
    size: z.number().int().nonnegative(),
    records: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).max(2000),
    done: z.boolean(),
    queryLocator: z
      .string()
      .regex(/^[0-9a-f]{32}-\d+$/)
      .optional(),
  })
  .refine(
    ({ done, queryLocator }) => done === (queryLocator === undefined),
    'has a locator unless it is done',
  )
  .refine(({ size, records }) => records.length <= size, 'has more records than it counts');

const ACTION_CALL: Pick<CallContract, 'access' | 'entity' | 'success' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  success: { kind: 'json', body: Page },
  refusals: [ACTION, V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

export const QUERY: CallContract = {
  ...ACTION_CALL,
  name: 'POST /v1/action/query',
  request: { type: JSON_TYPE, body: z.strictObject({ queryString: QueryString, conf: Conf }) },
};

export const QUERY_MORE: CallContract = {
  ...ACTION_CALL,
  name: 'POST /v1/action/queryMore',
  request: { type: JSON_TYPE, body: z.strictObject({ queryLocator: z.string().min(1), conf: Conf }) },
};
