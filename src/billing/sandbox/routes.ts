import { type Aqua } from './aqua-routes.ts';
import { type Changes } from './changes.ts';
import { describeAll, describeObject } from './describe.ts';
import { eachRow } from './each-row.ts';
import { type Faults } from './faults.ts';
import { type OAuth } from './oauth.ts';
import { CATEGORY, type Reply, json, v1Error } from './replies.ts';
import { type Row, type Scope, type Tenant } from './tenant.ts';

/** A call that got through: signed in where needed, its entity known. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly scope: Scope;
  readonly base: string;
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
  readonly oauth: OAuth;
  readonly aqua: Aqua;
  readonly changes: Changes;
  readonly faults: Faults;
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
    at('GET', /^\/v1\/batch-query\/jobs\/(?<id>[^/]+)\/?$/, ({ params }) => aqua.status(params['id'] ?? '')),
    at('DELETE', /^\/v1\/batch-query\/jobs\/(?<id>[^/]+)\/?$/, ({ params }) =>
      aqua.cancel(params['id'] ?? ''),
    ),
    at('GET', /^\/v1\/files?\/(?<id>[^/]+)$/, ({ params, method, path }) =>
      aqua.file(params['id'] ?? '', `${method} ${path}`),
    ),
    at('GET', /^\/settings\/listing\/?$/, ({ base }) =>
      json({ settings: tenant.settingKeys.map(listed(base)) }),
    ),
    at('GET', /^\/settings\/(?<key>.+?)\/?$/, ({ params, scope }) =>
      settingReply(tenant, params['key'] ?? '', scope),
    ),
    { ...at('GET', /^\/v1\/entities\/?$/, () => entitiesReply(tenant)), access: 'tenant' },
    at('GET', /^\/v1\/accounting-codes\/?$/, ({ scope }) => accountingCodes(tenant, scope)),
    at('GET', /^\/v1\/accounting-periods\/?$/, () => json({ accountingPeriods: [], success: true })),
    ...controlRoutes(services),
  ];
}

/** What the sandbox adds to Zuora's API, for tests and demonstrations. */
function controlRoutes({ tenant, changes, faults }: Services): readonly Route[] {
  const counts = countsOf(tenant);
  const at = (method: string, pattern: RegExp, answer: Route['answer']): Route => ({
    method,
    pattern,
    answer,
    access: 'open',
  });
  return [
    at('GET', /^\/__sandbox\/?$/, async () =>
      json({
        what: 'revsync sandbox: a made-up Zuora Billing tenant, not Zuora',
        tenant: tenant.label,
        entities: tenant.entities,
        objects: tenant.objects,
        counts: await counts(),
        changed: changes.size(),
        faults: faults.pending(),
      }),
    ),
    at('POST', /^\/__sandbox\/changes\/?$/, async (call) => {
      const { mistakes, changed } = changes.apply(await call.json());
      return mistakes.length > 0 ? json({ mistakes }, 400) : json({ changed });
    }),
    at('POST', /^\/__sandbox\/faults\/?$/, async (call) => {
      const mistakes = faults.add(await call.json());
      return mistakes.length > 0 ? json({ mistakes }, 400) : json({ pending: faults.pending() });
    }),
  ];
}

/** Rows of each object, without run-time changes; null where counting would take long. */
function countsOf(tenant: Tenant): () => Promise<Record<string, number> | null> {
  let counted: Promise<Record<string, number>> | undefined;
  const count = async (): Promise<Record<string, number>> => {
    const counts = Object.fromEntries(tenant.objects.map((object) => [object, 0]));
    await eachRow(tenant.scan(tenant.objects), ([object]) => {
      counts[object] = (counts[object] ?? 0) + 1;
    });
    return counts;
  };
  return () => (tenant.small ? (counted ??= count()) : Promise.resolve(null));
}

function listed(base: string): (key: string) => unknown {
  return (key) => ({
    key: key.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase()),
    description: key.replaceAll('-', ' '),
    context: 'Entity',
    pathPattern: `/${key}`,
    httpOperations: [
      { method: 'GET', url: `${base}/settings/${key}`, parameters: [], responseType: { type: 'object' } },
    ],
  });
}

function settingReply(tenant: Tenant, key: string, scope: Scope): Reply {
  const body = tenant.setting(key, scope);
  return body === undefined ? v1Error(404, CATEGORY.notFound, `There is no setting ${key}.`) : json(body);
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

async function accountingCodes(tenant: Tenant, scope: Scope): Promise<Reply> {
  const codes: unknown[] = [];
  const text = (row: Row, field: string): string => row[field] ?? '';
  await eachRow(tenant.rows('AccountingCode', scope), (row) => {
    codes.push({
      id: text(row, 'Id'),
      name: text(row, 'Name'),
      type: text(row, 'Type'),
      glAccountName: text(row, 'GLAccountName'),
      glAccountNumber: text(row, 'GLAccountNumber'),
      notes: text(row, 'Notes'),
      category: text(row, 'Category'),
      status: text(row, 'Status'),
      createdOn: text(row, 'CreatedDate').slice(0, 19).replace('T', ' '),
      updatedOn: text(row, 'UpdatedDate').slice(0, 19).replace('T', ' '),
    });
  });
  return json({ accountingCodes: codes, success: true });
}
