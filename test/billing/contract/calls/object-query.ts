import { z } from 'zod';

import { type CallContract, once } from '../call-contract.ts';
import { CONCURRENCY_HEADERS, DATA_QUERY, V1 } from '../refusals.ts';

const Parameters = {
  'expand[]': z.array(z.string().regex(/^[a-z][\w.]*$/i)).optional(),
  'filter[]': z.array(z.string().regex(/^[A-Za-z]\w*\.(EQ|NE|LT|LE|GT|GE|SW|IN):/)).optional(),
  'fields[]': z.array(z.string().regex(/^[a-z]\w*$/i)).optional(),
  includeNullFields: once(z.enum(['true', 'false'])).optional(),
};
const pageSize = z.string().regex(/^([1-9]|[1-4]\d|50)$/);

/** Names begin with a small letter, whatever exports call them; custom fields keep theirs. */
const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const RecordName = z.string().regex(/^([a-z]\w*|\w+__c)$/);
type Value = z.infer<typeof Scalar> | { [name: string]: Value } | Value[];
const Value: z.ZodType<Value> = z.lazy(() => z.union([Scalar, z.array(Value), z.record(RecordName, Value)]));
const Row = z.record(RecordName, Value);

const OBJECT_CALL: Pick<CallContract, 'access' | 'entity' | 'request' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  request: null,
  refusals: [DATA_QUERY, V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

export const OBJECTS: CallContract = {
  ...OBJECT_CALL,
  name: 'GET /object-query/{objects}',
  query: z.strictObject({
    ...Parameters,
    pageSize: once(pageSize).optional(),
    cursor: once(z.string().min(1)).optional(),
    'sort[]': z.array(z.string().regex(/^\w+\.(ASC|DESC)$/)).optional(),
  }),
  success: {
    kind: 'json',
    body: z.strictObject({ data: z.array(Row).max(50), nextPage: z.string().min(1).optional() }),
  },
};

export const OBJECT: CallContract = {
  ...OBJECT_CALL,
  name: 'GET /object-query/{objects}/{key}',
  query: z.strictObject(Parameters),
  success: { kind: 'json', body: Row },
};
