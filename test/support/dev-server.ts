import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SearchAttributes } from '../../src/servers/search-attribute-errors.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { resolveTemporalCli } from '../../src/servers/temporal-cli.ts';
import { startTemporal } from '../../src/servers/temporal.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const quiet = (): void => undefined;

export interface DevServer {
  readonly address: string;
  readonly namespace: string;
  /** URL of its web interface. */
  readonly ui: string;
  close(): Promise<void>;
}

/** Temporal's development server as a process of its own, in a folder that goes with it. */
export async function startDevServer(
  options: { readonly namespace?: string; readonly searchAttributes?: SearchAttributes } = {},
): Promise<DevServer> {
  const folder = await mkdtemp(join(tmpdir(), 'revsync-dev-server-'));
  const env = { ...process.env, REVSYNC_STATE_DIR: folder };
  const state = await openStateFolder({ env, projectRoot: ROOT, report: quiet });
  const cli = await resolveTemporalCli({ env: process.env, state, report: quiet });
  const temporal = await startTemporal({ cli, state, report: quiet, searchAttributes: {}, ...options });
  return {
    address: temporal.address,
    namespace: temporal.namespace,
    ui: temporal.ui,
    async close() {
      await temporal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
