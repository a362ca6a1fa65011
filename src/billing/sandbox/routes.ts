import { type Aqua } from './aqua-routes.ts';
import { type Changes } from './changes.ts';
import { controlRoutes } from './control-routes.ts';
import { dataQueryRoutes } from './data-query/data-query-routes.ts';
import { describeAll, describeObject } from './describe.ts';
import { type Enabling } from './enabling.ts';
import { type Faults } from './faults.ts';
import { listRoutes } from './lists/list-routes.ts';
import { type OAuth } from './oauth.ts';
import { objectExportRoutes } from './object-export-routes.ts';
import { objectQueryRoutes } from './object-query/object-query-routes.ts';
import { CATEGORY, type Reply, json, v1Error } from './replies.ts';
import { settingsRoutes } from './settings/settings-routes.ts';
import { type Scope, type Tenant } from './tenant.ts';
import { type Workshop } from './workshop.ts';
import { zoqlRoutes } from './zoql-routes.ts';

/** A call that got through: signed in where needed, its entity known. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly scope: Scope;
  readonly base: string;
  /** What follows the question mark. */
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parts of the path that the route's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** `open`: no sign-in; `tenant`: signed in, of no entity; `entity`: signed in for one. */
  readonly access: 'open' | 'tenant' | 'entity';
  readonly answer: (call: Call) => Reply | Promise<Reply>;
}

export interface Services {
  readonly tenant: Tenant;
  readonly enableSettlement: Enabling['enableSettlement'];
  readonly oauth: OAuth;
  readonly aqua: Aqua;
  readonly changes: Changes;
  readonly faults: Faults;
  readonly workshop: Workshop;
}

/** Everything that the sandbox answers. */
export function routesOf(services: Services): readonly Route[] {
  const { tenant, oauth, aqua } = services;
  const at = (method: string, pattern: RegExp, answer: Route['answer']): Route => ({
    method,
    pattern,
    answer,
    access: 'entity',
  });
  return [
    {
      ...at('POST', /^\/oauth\/token\/?$/, async (call) => {
        const entity = call.headers['zuora-entity-ids']?.replaceAll('-', '').toLowerCase();
        return oauth.signIn(await call.text(), call.headers['content-type'] ?? '', entity);
      }),
      access: 'open',
    },
    at('GET', /^\/v1\/describe\/?$/, ({ base }) => describeAll(tenant, base)),
    at('GET', /^\/v1\/describe\/(?<object>[^/]+)\/?$/, ({ base, params }) =>
      describeObject(tenant, base, params['object'] ?? ''),
    ),
    at('POST', /^\/v1\/batch-query\/?$/, async (call) => aqua.submit(await call.json(), call.scope)),
    at('GET', /^\/v1\/batch-query\/jobs\/(?<id>[^/]+)\/?$/, ({ params, scope }) =>
      aqua.status(params['id'] ?? '', scope),
    ),
    at(
      'GET',
      /^\/v1\/batch-query\/jobs\/partner\/(?<partner>[^/]+)\/project\/(?<project>[^/]+)\/?$/,
      ({ params, scope }) => aqua.last(params['partner'] ?? '', params['project'] ?? '', scope),
    ),
    at('DELETE', /^\/v1\/batch-query\/jobs\/(?<id>[^/]+)\/?$/, ({ params, scope }) =>
      aqua.cancel(params['id'] ?? '', scope),
    ),
    at('GET', /^\/v1\/files?\/(?<id>[^/]+)$/, ({ params, method, path, scope }) =>
      aqua.file(params['id'] ?? '', `${method} ${path}`, scope),
    ),
    { ...at('GET', /^\/v1\/entities\/?$/, () => entitiesReply(tenant)), access: 'tenant' },
    ...dataQueryRoutes(services),
    ...zoqlRoutes(services),
    ...objectQueryRoutes(services),
    ...objectExportRoutes(services),
    ...listRoutes(services),
    ...settingsRoutes(services),
    ...controlRoutes(services),
  ];
}

function entitiesReply({ entities }: Tenant): Reply {
  if (entities.length === 0) {
    return v1Error(200, CATEGORY.permission, 'Multi-entity is not enabled for this tenant.');
  }
  return json({
    entities: entities.map(({ id, name, displayName, parentId, timezone }) => ({
      id,
      name,
      displayName,
      parentId,
      timezone: timezone ?? '',
      locale: 'en_US',
      status: 'Provisioned',
      tenantId: '1',
    })),
    success: true,
  });
}
