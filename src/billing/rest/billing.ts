import { deletesOf } from '../aqua/deletes.ts';
import { openExportFile } from '../aqua/file.ts';
import { cancelExportJob, exportJobStatus, submitExportJob } from '../aqua/job.ts';
import { openDataQueryFile } from '../data-query/file.ts';
import { cancelDataQuery, dataQueryStatus, submitDataQuery } from '../data-query/job.ts';
import type { Billing } from '../port.ts';
import { createTenantBudget } from './call-budget.ts';
import { type Clock, MONOTONIC } from './clock.ts';
import { listAccountingCodes, listAccountingPeriods } from './accounting.ts';
import { describeObject, listObjects } from './describe.ts';
import { listEntities } from './entities.ts';
import { readExchangeRates } from './exchange-rates.ts';
import type { View } from './headers.ts';
import { queryObjects } from './object-query.ts';
import { listProducts } from './products.ts';
import { createSession } from './session.ts';
import { listSettings, readSetting } from './settings.ts';
import { createTokenSource } from './token.ts';
import { createWire, DEFAULT_TIMEOUTS, type Timeouts } from './wire.ts';
import { withinBudget } from './within-budget.ts';
import { queryZoql } from './zoql.ts';

export interface BillingConfig {
  /** The REST endpoint of the data centre, or of the sandbox: `https://rest.zuora.com`. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** `Zuora-Version`; without it the tenant's default answers, or the oldest there is. */
  readonly version?: string | undefined;
  /** The entity to speak for, with or without hyphens; null without Multi-entity. */
  readonly entityId?: string | null | undefined;
  /** `Zuora-Org-Ids`: the organisations to speak for, of a tenant with Multi-Org. */
  readonly orgIds?: readonly string[] | undefined;
  /** Put the workflow id here: Zuora's logs then name it. */
  readonly trackId?: string | (() => string | undefined) | undefined;
  /** Milliseconds; what is left out is `DEFAULT_TIMEOUTS`. */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** How AQuA packs its files. `gzip` saves the network, `csv` the processor; `openFile` unpacks. */
  readonly exportFormat?: 'gzip' | 'zip' | 'csv' | undefined;
  /** Percent of the tenant's limits, 1 to 100, that this connection may use; 50 unless told. */
  readonly apiShare?: number | undefined;
  /** Milliseconds since 1970, for the age of the token. */
  readonly now?: (() => number) | undefined;
  /** For limits, pauses and the time since a reply. */
  readonly clock?: Clock | undefined;
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
  const { clientId, clientSecret, now = Date.now, clock = MONOTONIC, exportFormat = 'gzip' } = config;
  const wire = createWire(config.baseUrl, { ...DEFAULT_TIMEOUTS, ...config.timeouts }, clock);
  const budget = createTenantBudget({ share: config.apiShare ?? 50, clock });
  const signingIn = withinBudget(wire, budget.signIn);
  const tokens = createTokenSource(signingIn, { host: wire.host, clientId, clientSecret, now });
  const secrets = [clientSecret, clientId];

  function open(view: View): ConnectedBilling {
    const sessionOf = (entityId: View['entityId']) =>
      createSession(wire, tokens, {
        view: { ...view, entityId },
        secrets,
        budget: budget.of(entityId ?? null),
      });
    const session = sessionOf(view.entityId);

    return {
      async signIn() {
        await tokens.renew();
      },
      objects: () => listObjects(session),
      describe: (object) => describeObject(session, object),
      submitExport: (job) => submitExportJob(session, { ...job, format: exportFormat }),
      exportStatus: (jobId) => exportJobStatus(session, jobId),
      cancelExport: (jobId) => cancelExportJob(session, jobId),
      openFile: (fileId, signal) => openExportFile(session, fileId, signal),
      deletesOf: (objects) => deletesOf(session, objects),
      submitDataQuery: (query) => submitDataQuery(session, query),
      dataQueryStatus: (jobId) => dataQueryStatus(session, jobId),
      cancelDataQuery: (jobId) => cancelDataQuery(session, jobId),
      openDataQueryFile: (jobId, signal) => openDataQueryFile(session, jobId, signal),
      zoql: (query) => queryZoql(session, query),
      objectQuery: (query) => queryObjects(session, query),
      settings: () => listSettings(session),
      setting: (key) => readSetting(session, key),
      entities: () => listEntities(session, { forEntity: sessionOf, entityIds: tokens.entityIds }),
      accountingCodes: () => listAccountingCodes(session),
      accountingPeriods: () => listAccountingPeriods(session),
      products: () => listProducts(session),
      exchangeRates: (window) => readExchangeRates(session, window),
      async serverTime() {
        if (wire.serverTime() === null) await tokens.renew();
        return wire.serverTime() ?? now();
      },

      forEntity: (entityId) => open({ ...view, entityId }),
      withTrackId: (trackId) => open({ ...view, trackId }),
      close: () => wire.close(),
    };
  }
  const { version, entityId, orgIds, trackId } = config;
  return open({ version, entityId, orgIds, trackId });
}
