import { openExportFile } from '../aqua/file.ts';
import { cancelExportJob, exportJobStatus, submitExportJob } from '../aqua/job.ts';
import type { Billing } from '../port.ts';
import { describeObject } from './describe.ts';
import { listEntities } from './entities.ts';
import type { View } from './headers.ts';
import { createSession } from './session.ts';
import { readSetting } from './settings.ts';
import { createTokenSource } from './token.ts';
import { createWire, DEFAULT_TIMEOUTS, type Timeouts } from './wire.ts';

export interface BillingConfig {
  /** The REST endpoint of the data centre, or of the sandbox: `https://rest.zuora.com`. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** `Zuora-Version`; without it the tenant's default answers. */
  readonly version?: string | undefined;
  /** The entity to speak for, with or without hyphens; null without Multi-entity. */
  readonly entityId?: string | null | undefined;
  /** Put the workflow id here: Zuora's logs then name it. */
  readonly trackId?: string | (() => string | undefined) | undefined;
  /** Milliseconds; what is left out is `DEFAULT_TIMEOUTS`. */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** How AQuA packs its files. `gzip` saves the network, `csv` the processor; `openFile` unpacks. */
  readonly exportFormat?: 'gzip' | 'csv' | undefined;
  /** Milliseconds since 1970, for the age of the token. */
  readonly now?: (() => number) | undefined;
}

export interface ConnectedBilling extends Billing {
  /** The same tenant, connections and token, speaking for an entity. */
  forEntity(id: string | null): ConnectedBilling;
  /** The same, under another `Zuora-Track-Id`. */
  withTrackId(id: string): ConnectedBilling;
  /** Breaks what is open, of all views. */
  close(): Promise<void>;
}

/** Zuora Billing over its REST and AQuA interfaces (wire.md). Connects lazily: the first call signs in. */
export function connectBilling(config: BillingConfig): ConnectedBilling {
  const wire = createWire(config.baseUrl, { ...DEFAULT_TIMEOUTS, ...config.timeouts });
  const { clientId, clientSecret, now = Date.now, exportFormat = 'gzip' } = config;
  const tokens = createTokenSource(wire, { clientId, clientSecret, now });
  const secrets = [clientSecret, clientId];

  function open(view: View): ConnectedBilling {
    const sessionOf = (entityId: View['entityId']) =>
      createSession(wire, tokens, { view: { ...view, entityId }, secrets });
    const session = sessionOf(view.entityId);

    return {
      async signIn() {
        await tokens.renew();
      },
      describe: (object) => describeObject(session, object),
      submitExport: (job) => submitExportJob(session, { ...job, format: exportFormat }),
      exportStatus: (jobId) => exportJobStatus(session, jobId),
      cancelExport: (jobId) => cancelExportJob(session, jobId),
      openFile: (fileId, signal) => openExportFile(session, fileId, signal),
      setting: (key) => readSetting(session, key),
      entities: () => listEntities(session, { forEntity: sessionOf, entityCount: tokens.entityCount }),

      forEntity: (entityId) => open({ ...view, entityId }),
      withTrackId: (trackId) => open({ ...view, trackId }),
      close: () => wire.close(),
    };
  }
  return open({ version: config.version, entityId: config.entityId, trackId: config.trackId });
}
