import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licensed replies of a real tenant: they lie beside the project, never in it. */
const FILE = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'shared',
  'data',
  'zuora-settings-replies',
  'mock_replies.json',
);

export const SETTINGS_RECORDED = existsSync(FILE);

/** Bodies of `GET /settings/<key>` as a tenant answered them, by key; empty where they do not lie there. */
export function recordedSettings(): ReadonlyMap<string, unknown> {
  if (!SETTINGS_RECORDED) return new Map();
  const replies = JSON.parse(readFileSync(FILE, 'utf8')) as { url: string; response: unknown }[];
  const prefix = '/settings/';
  return new Map(
    replies
      .filter(({ url }) => url.startsWith(prefix))
      .map(({ url, response }) => [url.slice(prefix.length), response]),
  );
}
