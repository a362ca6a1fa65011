import { z } from 'zod';

import { type Reply, json } from '../replies.ts';
import { type Scope, type Tenant } from '../tenant.ts';

const Single = z.object({
  id: z.string().nullish(),
  method: z.string().default('GET'),
  url: z.string(),
});
const Request = z.object({
  requests: z.array(Single.extend({ children: z.array(Single).nullish() })).min(1),
});

const MOST = 100;

/** `POST /settings/batch-requests` (wire.md 2.5): many settings in one call; each has a status of its own. */
export function settingsBatch(tenant: Tenant, scope: Scope, body: unknown): Reply {
  const parsed = Request.safeParse(body);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return json({ code: 400, message: mistakes.join('; ') }, 400);
  }
  const requests = parsed.data.requests.flatMap((request) => [request, ...(request.children ?? [])]);
  if (requests.length > MOST) {
    return json(
      { code: 400, message: `A batch has at most ${MOST} requests, their children included.` },
      400,
    );
  }
  return json({
    responses: requests.map(({ id, method, url }) => ({
      ...(id == null ? {} : { id }),
      method: method.toUpperCase(),
      url,
      response: answerTo(tenant, scope, method.toUpperCase(), url),
    })),
  });
}

function answerTo(tenant: Tenant, scope: Scope, method: string, url: string): unknown {
  if (method !== 'GET') {
    const errorMessages = ['The settings of the sandbox can only be read.'];
    return { status: '405 METHOD_NOT_ALLOWED', errorMessages };
  }
  // Zuora's documents write the path with and without what all settings begin with.
  const key = url
    .replace(/\?.*$/, '')
    .replace(/^(\/settings)?\/+/, '')
    .replace(/\/$/, '');
  const found = tenant.setting(key, scope);
  if (found === undefined) return { status: '404 NOT_FOUND', errorMessages: [`There is no setting ${key}.`] };
  return { status: '200 OK', body: found };
}
