import { z } from 'zod';

import { type CallContract, Id, JSON_TYPE, PlainTime } from '../call-contract.ts';
import { AQUA, CONCURRENCY_HEADERS, V1 } from '../refusals.ts';

/** Export ZOQL as far as revsync writes it: no joins, aliases or functions, which rule segments out. */
const NAME = '[A-Za-z]\\w*(?:\\.[A-Za-z]\\w*)*';
const VALUE = "'(?:[^'\\\\]|\\\\.)*'";
const CONDITION = `${NAME} (?:=|!=|<|<=|>|>=) ${VALUE}`;
const QUERY = new RegExp(
  `^select (?:\\*|${NAME}(?:, ${NAME})*) from [A-Za-z]\\w*(?: where ${CONDITION}(?: and ${CONDITION})*)?(?: limit \\d+)?$`,
);
/** A filter on a time names its zone. */
const NO_BARE_TIME = /'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'/;

const Query = z.strictObject({
  name: z.string().min(1),
  query: z
    .string()
    .regex(QUERY)
    .refine((text) => !NO_BARE_TIME.test(text), 'has a time without a zone'),
  type: z.enum(['zoql', 'zoqlexport']),
  apiVersion: z.string().optional(),
  convertToCurrencies: z.string().optional(),
  deleted: z
    .strictObject({
      column: z.string().regex(/^\w{1,40}$/),
      format: z.enum(['Boolean', 'Numeric']),
      // In no model of the SDK; stateless jobs are said to need it. To be tried at a live tenant.
      forceExport: z.literal(true).optional(),
    })
    .optional(),
});

const Request = z
  .strictObject({
    format: z.enum(['csv', 'zip', 'gzip']),
    version: z.literal('1.1'),
    name: z.string().min(1).max(32),
    partner: z.string().min(1).optional(),
    project: z.string().min(1).optional(),
    encrypted: z.literal('none'),
    useQueryLabels: z.boolean(),
    dateTimeUtc: z.boolean(),
    nullReplacement: z.string().optional(),
    incrementalTime: PlainTime.optional(),
    offset: z.number().int().min(0).max(3600).optional(),
    sourceData: z.literal('LIVE').optional(),
    notifyUrl: z.url().optional(),
    queries: z.array(Query).min(1).max(50),
  })
  .superRefine(({ partner, project, incrementalTime, queries }, context) => {
    const stateful = partner !== undefined && project !== undefined;
    if ((partner === undefined) !== (project === undefined)) {
      context.addIssue({ code: 'custom', path: ['partner'], message: 'partner and project come together' });
    }
    if (!stateful && incrementalTime !== undefined) {
      context.addIssue({ code: 'custom', path: ['incrementalTime'], message: 'is for stateful jobs alone' });
    }
    const forced = queries.findIndex(({ deleted }) => stateful && deleted?.forceExport === true);
    if (forced >= 0) {
      context.addIssue({
        code: 'custom',
        path: ['queries', forced, 'deleted'],
        message: 'is forced in a stateful job',
      });
    }
    if (new Set(queries.map(({ name }) => name)).size < queries.length) {
      context.addIssue({ code: 'custom', path: ['queries'], message: 'two queries have one name' });
    }
  });

const State = z.enum(['submitted', 'pending', 'executing', 'completed', 'aborted', 'cancelled']);

const Batch = z.strictObject({
  batchId: Id,
  batchType: z.enum(['zoql', 'zoqlexport']),
  name: z.string(),
  query: z.string(),
  apiVersion: z.string(),
  deleted: z.strictObject({ column: z.string(), format: z.enum(['Boolean', 'Numeric']) }).optional(),
  status: z.union([State, z.literal('deleted_notallowed')]),
  localizedStatus: z.string(),
  full: z.boolean(),
  recordCount: z.number().int().nonnegative(),
  message: z.string(),
  fileId: Id.optional(),
  segments: z.array(Id).min(2).optional(),
});

const Job = z
  .strictObject({
    id: Id,
    name: z.string(),
    status: State,
    localizedStatus: z.string(),
    version: z.string(),
    format: z.enum(['CSV', 'ZIP', 'GZIP']),
    encrypted: z.enum(['none', 'pgp']),
    partner: z.string().optional(),
    project: z.string().optional(),
    sourceData: z.literal('LIVE').optional(),
    useLastCompletedJobQueries: z.boolean(),
    offset: z.number().int(),
    notifyUrl: z.string().optional(),
    // Milliseconds or text: the SDK does not know it.
    incrementalTime: z.union([z.number().int(), PlainTime]).optional(),
    startTime: PlainTime.optional(),
    message: z.string().optional(),
    batches: z.array(Batch).min(1),
  })
  .superRefine(({ status, batches }, context) => {
    for (const [index, batch] of batches.entries()) {
      const path = ['batches', index];
      const hasFile = (batch.fileId === undefined) !== (batch.segments === undefined);
      if ((status === 'completed') !== hasFile) {
        context.addIssue({
          code: 'custom',
          path,
          message: `has ${hasFile ? 'a' : 'no'} file while the job is ${status}`,
        });
      }
      if (status !== 'completed' && batch.recordCount !== 0) {
        context.addIssue({ code: 'custom', path, message: 'counts records before it is completed' });
      }
    }
  });

const Submitted = Job.refine(({ status }) => status === 'submitted', 'is not submitted').refine(
  ({ batches }) => batches.every(({ status }) => status === 'pending'),
  'has queries that are not pending',
);

const AQUA_CALL: Pick<CallContract, 'access' | 'entity' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  refusals: [AQUA, V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

/** With the slash at the end: without it, nothing is promised (wire.md 2.2, fact 11). */
export const SUBMIT_JOB: CallContract = {
  ...AQUA_CALL,
  name: 'POST /v1/batch-query/',
  request: { type: JSON_TYPE, body: Request },
  success: { kind: 'json', body: Submitted },
};

export const READ_JOB: CallContract = {
  ...AQUA_CALL,
  name: 'GET /v1/batch-query/jobs/{id}',
  request: null,
  success: { kind: 'json', body: Job },
};

export const CANCEL_JOB: CallContract = {
  ...AQUA_CALL,
  name: 'DELETE /v1/batch-query/jobs/{id}',
  request: null,
  success: { kind: 'json', body: Job.refine(({ status }) => status === 'cancelled', 'is not cancelled') },
};

export const LAST_JOB: CallContract = {
  ...AQUA_CALL,
  name: 'GET /v1/batch-query/jobs/partner/{partner}/project/{project}',
  request: null,
  success: { kind: 'json', body: Job.refine(({ status }) => status === 'completed', 'is not completed') },
};
