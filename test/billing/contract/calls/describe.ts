import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

import { type CallContract, once } from '../call-contract.ts';
import { CONCURRENCY_HEADERS, DESCRIBE, V1 } from '../refusals.ts';

const REPEATED = new Set(['field', 'context', 'object']);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  ignoreDeclaration: true,
  isArray: (name, path) => REPEATED.has(name) && String(path) !== 'object',
});

/** The text of a document as the tree that the schema is about. */
const parsed = (schema: z.ZodType) =>
  z
    .string()
    .transform((text): unknown => parser.parse(text, true))
    .pipe(schema);

const Flag = z.enum(['true', 'false']);
const Named = { '@href': z.url(), name: z.string().min(1), label: z.string().min(1) };

const Field = z.strictObject({
  name: z.string().regex(/^[A-Z]\w*$/),
  label: z.string(),
  selectable: Flag,
  createable: Flag,
  updateable: Flag,
  filterable: Flag,
  custom: Flag,
  maxlength: z.string().regex(/^\d*$/).optional(),
  required: Flag,
  // All that connectors have met at live tenants.
  type: z.enum([
    'text',
    'picklist',
    'longtext',
    'ZOQL',
    'boolean',
    'integer',
    'decimal',
    'number',
    'date',
    'datetime',
    'timestamp',
  ]),
  contexts: z.strictObject({ context: z.array(z.enum(['soap', 'export'])).min(1) }),
});

const LISTED: Pick<CallContract, 'access' | 'entity' | 'request' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  request: null,
  refusals: [DESCRIBE, V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

export const DESCRIBE_LIST: CallContract = {
  ...LISTED,
  name: 'GET /v1/describe',
  success: {
    kind: 'xml',
    body: parsed(
      z.strictObject({ objects: z.strictObject({ object: z.array(z.looseObject(Named)).min(1) }) }),
    ),
  },
};

/** Paths of related objects are what `<path>.Id` may be asked by. */
export const DESCRIBE_OBJECT: CallContract = {
  ...LISTED,
  name: 'GET /v1/describe/{object}',
  query: z.strictObject({
    showRelationships: once(Flag).optional(),
    showCurrencyConversionInformation: once(z.literal('yes')).optional(),
  }),
  success: {
    kind: 'xml',
    body: parsed(
      z.strictObject({
        object: z.strictObject({
          ...Named,
          fields: z.strictObject({ field: z.array(Field).min(1) }),
          'related-objects': z.union([
            z.strictObject({
              object: z.array(
                z.strictObject({ ...Named, cardinality: z.string(), path: z.string().regex(/^[A-Z]\w*$/) }),
              ),
            }),
            z.literal(''),
          ]),
        }),
      }),
    ),
  },
};
