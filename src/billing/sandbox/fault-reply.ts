import { type Fault } from './faults.ts';
import { CATEGORY, type Reply, aquaError, json, v1Error, xml, xmlText } from './replies.ts';

type Answer = (fault: Fault, path: string) => Reply;

const ANSWERS: Partial<Record<Fault['kind'], Answer>> = {
  '429': tooMany,
  // One that may be retried: what is internal (category 60) would stay.
  '500': () => v1Error(500, CATEGORY.temporary, 'A temporary error occurred. Please try again.'),
  internal: () => v1Error(500, CATEGORY.internal, 'Internal error.'),
  lock: () => v1Error(200, CATEGORY.lock, 'The object is being changed by another operation.'),
  busy: ({ message }) => aquaError('90028', message),
  'error-code': ({ code, message }) => aquaError(code, message),
  'xml-error': ({ status, code, message }) => xmlError(status, code, message),
  html: ({ status }) => proxyPage(status),
  permission: ({ message }, path) =>
    path.startsWith('/v1/describe')
      ? xmlError(403, `500000${CATEGORY.permission}`, message)
      : v1Error(403, CATEGORY.permission, message),
  credentials: (_, path) => credentialsRefused(path),
};

/** What a call is answered with instead of its answer; undefined for faults that break it otherwise. */
export function faultReply(fault: Fault, path: string): Reply | undefined {
  return ANSWERS[fault.kind]?.(fault, path);
}

function tooMany({ limit, retryAfter }: Fault): Reply {
  const seconds = String(retryAfter);
  if (limit === 'rate') {
    const headers = { 'ratelimit-remaining': '0', 'ratelimit-reset': seconds };
    return v1Error(429, CATEGORY.limit, 'The request rate limit was exceeded.', headers);
  }
  return v1Error(429, CATEGORY.limit, 'The concurrent request limit was exceeded.', {
    'Retry-After': seconds,
  });
}

function credentialsRefused(path: string): Reply {
  if (!path.startsWith('/oauth/token')) {
    return v1Error(401, CATEGORY.signIn, 'This resource is protected, please sign in first.');
  }
  const message = 'Invalid client id or client secret';
  return json({ status: 401, error: 'Unauthorized', message, path: '/oauth/token' }, 401);
}

function xmlError(status: number, code: string, message: string): Reply {
  const body = `<code>${xmlText(code)}</code><message>${xmlText(message)}</message>`;
  return xml(`<?xml version="1.0" encoding="UTF-8"?>\n<error>${body}</error>\n`, status);
}

/** From something on the way, not from Zuora. */
function proxyPage(status: number): Reply {
  const body = `<!DOCTYPE html>
<html><head><title>${status}</title></head>
<body><h1>The server is temporarily unable to service your request.</h1><hr><p>gateway</p></body></html>
`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body, bare: true };
}
