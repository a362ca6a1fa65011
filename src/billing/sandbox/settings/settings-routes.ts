import { CATEGORY, json, v1Error } from '../replies.ts';
import { type Route, type Services } from '../routes.ts';
import { settingList } from './setting-list.ts';
import { settingsBatch } from './settings-batch.ts';

/** The Settings API (wire.md 2.5): read only. */
export function settingsRoutes({ tenant }: Services): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: /^\/settings\/listing\/?$/,
      access: 'entity',
      answer: ({ scope, headers }) => settingList(tenant, scope, headers['accept'] ?? ''),
    },
    {
      method: 'POST',
      pattern: /^\/settings\/batch-requests\/?$/,
      access: 'entity',
      answer: async (call) => settingsBatch(tenant, call.scope, await call.json()),
    },
    {
      method: 'GET',
      pattern: /^\/settings\/(?<key>.+?)\/?$/,
      access: 'entity',
      answer: ({ params, scope }) => {
        const key = params['key'] ?? '';
        const body = tenant.setting(key, scope);
        if (body === undefined) return v1Error(404, CATEGORY.notFound, `There is no setting ${key}.`);
        return json(body);
      },
    },
  ];
}
