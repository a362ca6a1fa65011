import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';

import { reasonOf } from '../../domain/errors.ts';
import { type Fault, type Faults } from './faults.ts';
import { type OAuth } from './oauth.ts';
import { BadBody, readJson, readText } from './request-body.ts';
import { CATEGORY, type Reply, aquaError, v1Error } from './replies.ts';
import { type Call, type Route } from './routes.ts';
import { type Scope, type Tenant } from './tenant.ts';

export interface Answering {
  readonly routes: readonly Route[];
  readonly oauth: OAuth;
  readonly faults: Faults;
  readonly tenant: Tenant;
  readonly report: (line: string) => void;
}

/** Answers one HTTP call, whatever it is: nothing that comes in ends the server. */
export async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
): Promise<void> {
  try {
    const { method = 'GET', url = '/' } = request;
    const path = url.split('?', 1)[0] ?? '/';
    const fault = path.startsWith('/__sandbox') ? undefined : answering.faults.ofCall(`${method} ${path}`);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    // Never answered: the caller gives up, or the sandbox stops.
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'slow') await sleep(fault.delay, undefined, { ref: false });
    if (fault?.kind === 'token') answering.oauth.revokeAll();
    const reply = faultReply(fault) ?? (await routed(request, method, path, answering));
    await send(request, response, path, reply);
  } catch (error) {
    answering.report(`Sandbox: ${request.method} ${request.url} failed: ${reasonOf(error)}`);
    if (response.headersSent) response.destroy();
    else
      await send(request, response, '/', v1Error(500, CATEGORY.internal, 'Internal error.')).catch(() => {});
  }
}

function faultReply(fault: Fault | undefined): Reply | undefined {
  if (fault?.kind === '429') {
    const headers = { 'Retry-After': String(fault.retryAfter) };
    return v1Error(429, CATEGORY.limit, 'The concurrent request limit was exceeded.', headers);
  }
  if (fault?.kind === '500') return v1Error(500, CATEGORY.internal, 'Internal error.');
  return fault?.kind === 'error-code' ? aquaError(fault.code, 'The sandbox was asked to fail.') : undefined;
}

async function routed(
  request: IncomingMessage,
  method: string,
  path: string,
  { routes, oauth, tenant }: Answering,
): Promise<Reply> {
  const candidates = routes.filter(({ pattern }) => pattern.test(path));
  const route = candidates.find((candidate) => candidate.method === method);
  const headers = singleValues(request);
  const token = oauth.tokenOf(headers['authorization']);
  const open = candidates.some(({ access }) => access === 'open');
  if (!open && token === undefined) {
    return v1Error(401, CATEGORY.signIn, 'This resource is protected, please sign in first.');
  }
  if (candidates.length === 0) return v1Error(404, CATEGORY.notFound, `There is no ${path} here.`);
  if (route === undefined) return v1Error(405, CATEGORY.method, `${method} is not supported by ${path}.`);
  const scope = route.access === 'entity' ? scopeOf(tenant, token?.entities ?? [], headers) : {};
  if ('status' in scope) return scope;

  const params = decoded(route.pattern.exec(path)?.groups ?? {});
  if (params === null) return v1Error(400, CATEGORY.malformed, 'The path is not encoded as a URL.');
  const call: Call = {
    method,
    path,
    scope,
    headers,
    params,
    base: `http://${headers['host'] ?? 'localhost'}`,
    text: () => readText(request),
    json: () => readJson(request),
  };
  try {
    return await route.answer(call);
  } catch (error) {
    if (error instanceof BadBody) return v1Error(error.status, CATEGORY.malformed, error.message);
    throw error;
  }
}

/** Whose rows the call is about (wire.md 2.1), or why that cannot be told. */
function scopeOf(
  { entities }: Tenant,
  granted: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
): Scope | Reply {
  const asked = (headers['zuora-entity-ids'] ?? headers['entityid'])?.replaceAll('-', '').toLowerCase();
  if (entities.length === 0) {
    if (asked === undefined) return {};
    return v1Error(400, CATEGORY.invalid, 'Zuora-Entity-Ids must not be set without Multi-entity.');
  }
  const entity = asked ?? (granted.length === 1 ? granted[0] : undefined);
  if (entity === undefined) {
    return v1Error(400, CATEGORY.invalid, 'Zuora-Entity-Ids must tell which entity is meant.');
  }
  if (granted.includes(entity)) return { entity };
  return v1Error(403, CATEGORY.permission, 'The token is not valid for this entity.');
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> | null {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return null;
  }
}

function singleValues({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  reply: Reply,
): Promise<void> {
  const headers: Record<string, string> = { ...standardHeaders(request, path), ...reply.headers };
  const packs = /\bgzip\b/i.test(String(request.headers['accept-encoding'] ?? ''));
  if (reply.body instanceof Readable) {
    const pack = packs && headers['content-type'] !== 'application/gzip';
    if (pack) {
      headers['content-encoding'] = 'gzip';
      delete headers['content-length'];
    }
    response.writeHead(reply.status, headers);
    // A caller that goes away in the middle is no failure of ours.
    await (
      pack ? pipeline(reply.body, createGzip({ level: 1 }), response) : pipeline(reply.body, response)
    ).catch(() => response.destroy());
    return;
  }
  const plain = Buffer.from(reply.body, 'utf8');
  const pack = packs && plain.length > 1000;
  const body = pack ? gzipSync(plain) : plain;
  response.writeHead(reply.status, {
    ...headers,
    ...(pack ? { 'content-encoding': 'gzip' } : {}),
    'content-length': String(body.length),
  });
  response.end(body);
}

function standardHeaders({ headers }: IncomingMessage, path: string): Record<string, string> {
  const track = headers['zuora-track-id'];
  return {
    'Zuora-Request-Id': randomBytes(16).toString('hex'),
    'X-Sandbox': 'revsync',
    ...(typeof track === 'string' ? { 'Zuora-Track-Id': track } : {}),
    'ratelimit-limit': '50000, 50000;w=60, 2250000;w=3600, 27000000;w=86400',
    'ratelimit-remaining': '49999',
    'ratelimit-reset': '60',
    ...(path.startsWith('/v1')
      ? {
          'Concurrency-Limit-Type': 'Default',
          'Concurrency-Limit-Limit': '40',
          'Concurrency-Limit-Remaining': '39',
        }
      : {}),
  };
}
