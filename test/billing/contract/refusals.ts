import { z } from 'zod';

import type { Refusal } from './call-contract.ts';

const ANY_ERROR = [400, 401, 403, 404, 405, 413, 415, 429, 500, 502, 503, 504];

/** Six digits of a resource and two of a category; the message is for people. */
const Reason = z.strictObject({
  code: z.number().int().min(10_000_000).max(99_999_999),
  message: z.string().min(1),
});

/** /v1 REST, and what stands before all calls; often with HTTP 200. */
export const V1: Refusal = {
  name: 'v1',
  kind: 'json',
  statuses: [200, ...ANY_ERROR],
  body: z.strictObject({
    success: z.literal(false),
    processId: z.string().regex(/^[0-9A-F]{16}$/),
    reasons: z.array(Reason).min(1),
  }),
};

/** A job that was not taken or is not there: HTTP 200, and perhaps the null id that clients look at first. */
export const AQUA: Refusal = {
  name: 'AQuA',
  kind: 'json',
  statuses: [200],
  body: z.strictObject({
    errorCode: z.string().regex(/^9\d{4}$/),
    message: z.string().min(1),
    id: z.null().optional(),
    status: z.literal('error').optional(),
    batches: z
      .array(
        z.strictObject({
          name: z.string(),
          query: z.string(),
          status: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  }),
};

export const DATA_QUERY: Refusal = {
  name: 'Data Query',
  kind: 'json',
  statuses: ANY_ERROR,
  body: z.strictObject({ code: z.number().int().min(400).max(599), message: z.string().min(1) }),
};

export const ACTION: Refusal = {
  name: 'action',
  kind: 'json',
  statuses: [400, 403, 500],
  body: z.strictObject({ FaultCode: z.string().regex(/^[A-Z_]+$/), FaultMessage: z.string().min(1) }),
};

/** Spring's way, which the token call has. */
export const SIGN_IN: Refusal = {
  name: 'sign-in',
  kind: 'json',
  statuses: [400, 401, 403, 415, 429],
  body: z.strictObject({
    status: z.number().int(),
    error: z.string(),
    message: z.string(),
    path: z.string(),
  }),
};

const element = (root: string) => new RegExp(`^(<\\?xml[^>]*>\\s*)?<${root}>[^]*</${root}>\\s*$`);

/** describe's errors are XML of no documented shape. */
export const DESCRIBE: Refusal = {
  name: 'describe',
  kind: 'xml',
  statuses: [200, 403, 404, 500],
  body: z.string().regex(element('error')),
};

/** The storage that results lie in is not Zuora's. */
export const STORAGE: Refusal = {
  name: 'storage',
  kind: 'xml',
  statuses: [400, 403, 404],
  body: z.string().regex(element('Error')),
};

export const RATE_HEADERS = ['zuora-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];
export const CONCURRENCY_HEADERS = [
  ...RATE_HEADERS,
  'concurrency-limit-type',
  'concurrency-limit-limit',
  'concurrency-limit-remaining',
];
