import { type ConnectedBilling, connectBilling } from '../billing/rest/billing.ts';
import type { WindowPolicy } from '../domain/sync/window.ts';
import type { Configuration } from './configuration.ts';
import { isLoopback } from './configuration.ts';

/** Zuora's advice: stay two hours behind now, since long transactions commit late (wire.md 2.2). */
const LAG_SECONDS = 7200;

export interface BillingAccess {
  readonly url: string;
  readonly billing: ConnectedBilling;
  /** Asks once whether Billing is the sandbox, which commits at once and needs no lag. */
  readonly windowPolicy: () => Promise<WindowPolicy>;
}

/** Connects to Billing at `url`; nothing is sent before the first call. */
export function openBilling(url: string, configuration: Configuration): BillingAccess {
  const sandbox = isLoopback(url);
  const billing = connectBilling({
    baseUrl: url,
    clientId: configuration.ZUORA_CLIENT_ID ?? 'sandbox',
    clientSecret: configuration.ZUORA_CLIENT_SECRET ?? 'sandbox',
    version: configuration.ZUORA_VERSION,
    orgIds: configuration.ZUORA_ORG_IDS,
    apiShare: configuration.REVSYNC_API_SHARE,
    // On one machine packing costs more than it saves.
    exportFormat: sandbox ? 'csv' : 'gzip',
  });
  let lag: Promise<number> | undefined;
  return {
    url,
    billing,
    windowPolicy: async () => ({
      lagSeconds: configuration.REVSYNC_LAG_SECONDS ?? (await (lag ??= lagOf(url))),
      overlapSeconds: configuration.REVSYNC_OVERLAP_SECONDS,
      lookBackDays: configuration.REVSYNC_LOOK_BACK_DAYS,
      lookBackEveryHours: configuration.REVSYNC_LOOK_BACK_EVERY_HOURS,
    }),
  };
}

/** Partner and project of AQuA's stateful mode; null: stateless, as without a partner id. */
export function statefulMode(
  configuration: Configuration,
): { readonly partner: string; readonly project: string } | null {
  const { ZUORA_AQUA_PARTNER: partner, ZUORA_AQUA_PROJECT: project } = configuration;
  return partner === undefined ? null : { partner, project };
}

async function lagOf(url: string): Promise<number> {
  return (await isSandbox(url)) ? 0 : LAG_SECONDS;
}

/** Whether a revsync sandbox answers there; only asked on this machine. */
export async function isSandbox(url: string): Promise<boolean> {
  if (!isLoopback(url)) return false;
  try {
    const reply = await fetch(new URL('/__sandbox', url), { signal: AbortSignal.timeout(5_000) });
    return reply.ok;
  } catch {
    return false;
  }
}
