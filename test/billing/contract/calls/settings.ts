import { z } from 'zod';

import { type CallContract, JSON_TYPE } from '../call-contract.ts';
import { RATE_HEADERS, V1 } from '../refusals.ts';

const Operation = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().startsWith('/settings/'),
  parameters: z.array(z.strictObject({ name: z.string(), description: z.string().optional() })),
  requestType: z.looseObject({}).optional(),
  responseType: z.looseObject({}).optional(),
});

const Listed = z.strictObject({
  key: z.string().min(1),
  description: z.string(),
  context: z.string(),
  pathPattern: z.string().startsWith('/'),
  httpOperations: z.array(Operation),
});

/** Most are objects, some are lists, and one is a bare text. */
const Setting = z.union([z.looseObject({}), z.array(z.unknown()), z.string()]);

const SETTINGS_CALL: Pick<CallContract, 'access' | 'entity' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  refusals: [V1],
  replyHeaders: RATE_HEADERS,
};

export const SETTINGS_LIST: CallContract = {
  ...SETTINGS_CALL,
  name: 'GET /settings/listing',
  request: null,
  success: { kind: 'json', body: z.strictObject({ settings: z.array(Listed) }) },
};

export const SETTING: CallContract = {
  ...SETTINGS_CALL,
  name: 'GET /settings/{setting}',
  request: null,
  success: { kind: 'json', body: Setting },
};

const Single = z.strictObject({
  id: z.string().optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string(),
  body: z.looseObject({}).optional(),
});

export const SETTINGS_BATCH: CallContract = {
  ...SETTINGS_CALL,
  name: 'POST /settings/batch-requests',
  request: {
    type: JSON_TYPE,
    body: z.strictObject({
      requests: z.array(Single.extend({ children: z.array(Single).optional() })).min(1),
    }),
  },
  success: {
    kind: 'json',
    body: z.strictObject({
      responses: z.array(
        z.strictObject({
          id: z.string().optional(),
          method: z.string(),
          url: z.string(),
          response: z.strictObject({
            status: z.string().regex(/^\d{3} [A-Z_ ]+$/),
            body: Setting.optional(),
            errorMessages: z.array(z.string()).optional(),
          }),
        }),
      ),
    }),
  },
};
