import { z } from 'zod';

import { eachRow } from './each-row.ts';
import { POSSIBLE_FAULTS } from './fault-kinds.ts';
import { type Reply, json } from './replies.ts';
import { type Route, type Services } from './routes.ts';
import { type Tenant } from './tenant.ts';

/** What the sandbox adds to Zuora's API, for tests and demonstrations. */
export function controlRoutes(services: Services): readonly Route[] {
  const { tenant, changes, faults } = services;
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
    at('POST', /^\/__sandbox\/features\/?$/, async (call) => {
      if (!Features.safeParse(await call.json()).success)
        return json({ possible: { invoiceSettlement: true } }, 400);
      services.enableSettlement();
      return json({ objects: tenant.objects });
    }),
    at('GET', /^\/__sandbox\/faults\/?$/, () => json({ pending: faults.pending() })),
    at('POST', /^\/__sandbox\/faults\/?$/, async (call) => {
      const mistakes = faults.add(await call.json());
      if (mistakes.length > 0) return json({ mistakes, possible: POSSIBLE_FAULTS }, 400);
      return json({ id: faults.pending().at(-1)?.id, pending: faults.pending() });
    }),
    at('DELETE', /^\/__sandbox\/faults(?:\/(?<which>[^/]+))?\/?$/, ({ params }) =>
      json({ removed: faults.remove(params['which']), pending: faults.pending() }),
    ),
    at('POST', /^\/__sandbox\/access\/?$/, async (call) => grantReply(services, await call.json())),
  ];
}

/** What can be enabled, and not taken away again. */
const Features = z.strictObject({ invoiceSettlement: z.literal(true) });

const Access = z.strictObject({ entities: z.array(z.string()).min(1).nullable() });

/** Limits the credentials to some entities; null: all of them again. */
function grantReply({ tenant, oauth }: Services, body: unknown): Reply {
  const parsed = Access.safeParse(body);
  const entities = parsed.success ? grantedEntities(tenant, parsed.data.entities) : null;
  if (entities === null) {
    const names = tenant.entities.map(({ id, name }) => ({ id, name }));
    const mistakes = ['entities: must be null or ids or names of entities of the tenant, at least one'];
    return json({ mistakes, possible: names }, 400);
  }
  oauth.grant(entities);
  return json({ entities });
}

/** The ids of entities given by id or name; null when one of them is none. */
export function grantedEntities(tenant: Tenant, given: readonly string[] | null): readonly string[] | null {
  if (given === null) return tenant.entities.map(({ id }) => id);
  const ids = given.map((text) => {
    const written = text.replaceAll('-', '').toLowerCase();
    return tenant.entities.find(({ id, name }) => id === written || name === text)?.id;
  });
  const known = ids.filter((id) => id !== undefined);
  return known.length === ids.length ? known : null;
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
