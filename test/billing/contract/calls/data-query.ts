import { z } from 'zod';

import { type CallContract, JSON_TYPE, once, ZonedTime } from '../call-contract.ts';
import { DATA_QUERY, RATE_HEADERS, V1 } from '../refusals.ts';

const Request = z.strictObject({
  query: z.string().min(1),
  outputFormat: z.enum(['JSON', 'CSV', 'TSV', 'DSV']),
  compression: z.enum(['NONE', 'GZIP', 'ZIP']),
  output: z.strictObject({ target: z.literal('S3') }),
  columnSeparator: z.string().length(1).optional(),
  readDeleted: z.boolean().optional(),
  sourceData: z.enum(['LIVE', 'WAREHOUSE']).optional(),
  useIndexJoin: z.boolean().optional(),
  warehouseSize: z.string().optional(),
  encryptionKey: z.string().optional(),
});

const Status = z.enum(['submitted', 'accepted', 'in_progress', 'completed', 'failed', 'cancelled']);
/** With hyphens: the SDK asks for jobs by 36 characters, whatever its own models say. */
const HyphenatedId = z.uuid();

const Job = z
  .strictObject({
    id: HyphenatedId,
    createdBy: HyphenatedId,
    query: z.string(),
    sourceData: z.enum(['LIVE', 'WAREHOUSE']),
    useIndexJoin: z.boolean(),
    queryStatus: Status,
    remainingRetries: z.number().int().nonnegative(),
    updatedOn: ZonedTime,
    dataFile: z.url().optional(),
    outputRows: z.number().int().nonnegative().optional(),
    processingTime: z.number().int().nonnegative().optional(),
    errorMessage: z.string().min(1).optional(),
  })
  .refine(({ queryStatus, dataFile, outputRows }) => {
    const isCompleted = queryStatus === 'completed';
    return isCompleted === (dataFile !== undefined) && isCompleted === (outputRows !== undefined);
  }, 'has a file and its rows when it is completed, and only then')
  .refine(
    ({ queryStatus, errorMessage }) => (queryStatus === 'failed') === (errorMessage !== undefined),
    'says what went wrong when it failed, and only then',
  );

const reply = (states: readonly z.infer<typeof Status>[]) =>
  z.strictObject({
    data: Job.refine(({ queryStatus }) => states.includes(queryStatus), `is not ${states.join(' or ')}`),
  });

const QUERY_CALL: Pick<CallContract, 'access' | 'entity' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  refusals: [DATA_QUERY, V1],
  replyHeaders: RATE_HEADERS,
};

export const SUBMIT_QUERY: CallContract = {
  ...QUERY_CALL,
  name: 'POST /query/jobs',
  request: { type: JSON_TYPE, body: Request },
  success: { kind: 'json', body: reply(['submitted', 'accepted']) },
};

export const READ_QUERY: CallContract = {
  ...QUERY_CALL,
  name: 'GET /query/jobs/{id}',
  request: null,
  success: { kind: 'json', body: reply(Status.options) },
};

export const CANCEL_QUERY: CallContract = {
  ...QUERY_CALL,
  name: 'DELETE /query/jobs/{id}',
  request: null,
  success: { kind: 'json', body: reply(['cancelled']) },
};

export const LIST_QUERIES: CallContract = {
  ...QUERY_CALL,
  name: 'GET /query/jobs',
  query: z.strictObject({ queryStatus: once(Status).optional(), pageSize: once(z.string()).optional() }),
  request: null,
  success: { kind: 'json', body: z.strictObject({ data: z.array(Job) }) },
};
