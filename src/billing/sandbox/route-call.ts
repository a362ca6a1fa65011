import { type IncomingMessage } from 'node:http';

import { type OAuth } from './oauth.ts';
import { BadBody, readJson, readText } from './request-body.ts';
import { CATEGORY, type Reply, v1Error } from './replies.ts';
import { type Call, type Route } from './routes.ts';
import { type Scope, type Tenant } from './tenant.ts';

export interface Routing {
  readonly routes: readonly Route[];
  readonly oauth: OAuth;
  readonly tenant: Tenant;
}

/** Finds the route of a call, sees whether the caller may, and answers. */
export async function routeCall(request: IncomingMessage, routing: Routing): Promise<Reply> {
  const { routes, oauth, tenant } = routing;
  const { method = 'GET', url = '/' } = request;
  const [path = '/', search = ''] = url.split('?', 2);
  const candidates = routes.filter(({ pattern }) => pattern.test(path));
  const route = candidates.find((candidate) => candidate.method === method);
  const headers = singleValues(request);
  const token = oauth.tokenOf(headers);
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
    query: new URLSearchParams(search),
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

/** The entity that a call names, as ids are kept: 32 digits. The legacy header has no hyphens. */
export function askedEntity(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  return (headers['zuora-entity-ids'] ?? headers['entityid'])?.replaceAll('-', '').toLowerCase();
}

/** Whose rows the call is about (wire.md 2.1), or why that cannot be told. */
function scopeOf(
  { entities }: Tenant,
  granted: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
): Scope | Reply {
  const asked = askedEntity(headers);
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

function decoded(groups: Readonly<Record<string, string | undefined>>): Record<string, string> | null {
  try {
    return Object.fromEntries(
      Object.entries(groups).flatMap(([name, text]) =>
        text === undefined ? [] : [[name, decodeURIComponent(text)]],
      ),
    );
  } catch {
    return null;
  }
}

export function singleValues({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
