import { z } from 'zod';

import { type CallContract, Id, JSON_TYPE, type Refusal, ZonedTime } from '../call-contract.ts';
import { CONCURRENCY_HEADERS, V1 } from '../refusals.ts';

const CRUD: Refusal = {
  name: 'CRUD',
  kind: 'json',
  statuses: [200, 400, 404],
  body: z.strictObject({
    Success: z.literal(false),
    Errors: z.array(z.strictObject({ Code: z.string().regex(/^[A-Z_]+$/), Message: z.string() })).min(1),
  }),
};

const EXPORT_CALL: Pick<CallContract, 'access' | 'entity' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  refusals: [CRUD, V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

export const CREATE_EXPORT: CallContract = {
  ...EXPORT_CALL,
  name: 'POST /v1/object/export',
  request: {
    type: JSON_TYPE,
    body: z.strictObject({
      Format: z.enum(['csv']),
      Query: z.string().min(1),
      Name: z.string().optional(),
      Zip: z.boolean().optional(),
      Encrypted: z.boolean().optional(),
    }),
  },
  success: { kind: 'json', body: z.strictObject({ Success: z.literal(true), Id }) },
};

/** Members without a value are left out. */
export const READ_EXPORT: CallContract = {
  ...EXPORT_CALL,
  name: 'GET /v1/object/export/{id}',
  request: null,
  success: {
    kind: 'json',
    body: z
      .strictObject({
        Id,
        Name: z.string().optional(),
        Format: z.literal('csv'),
        Query: z.string(),
        Zip: z.boolean(),
        Encrypted: z.boolean(),
        Status: z.enum(['Pending', 'Processing', 'Completed', 'Failed', 'Canceled', 'Cancelled']),
        StatusReason: z.string().optional(),
        FileId: Id.optional(),
        Size: z.number().int().optional(),
        CreatedDate: ZonedTime,
        UpdatedDate: ZonedTime,
      })
      .refine(
        ({ Status, FileId }) => (Status === 'Completed') === (FileId !== undefined),
        'has a file once completed',
      ),
  },
};
