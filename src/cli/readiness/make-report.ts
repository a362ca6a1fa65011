import { randomUUID } from 'node:crypto';

import { loadFromBilling } from '../../../activities/readiness/load-from-billing.ts';
import { exportQuery } from '../../billing/aqua/export-query.ts';
import { headerTarget } from '../../billing/aqua/header.ts';
import * as dataQuery from '../../billing/data-query/queries.ts';
import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import { asReported } from '../../domain/readiness/as-reported.ts';
import type { ReadinessReport } from '../../domain/readiness/report.ts';
import { summarize } from '../../domain/readiness/summarize.ts';
import { findRunning } from '../../servers/server-record.ts';
import { assess } from '../../store/readiness/assess.ts';
import { readDataSources } from '../../store/readiness/data-sources.ts';
import { listBillingSettings } from '../../store/settings/billing-settings.ts';
import { tenantNames } from '../../store/tenant-name.ts';
import { findEntity } from '../../store/tenancy.ts';
import { entityRecords } from '../../store/tenancy/entity-records.ts';
import { type BillingAccess, openBilling } from '../billing-access.ts';
import { readEntities } from '../entity/read-entities.ts';
import { startDemoSandbox } from '../sandbox.ts';
import type { Closing, Session } from '../session.ts';
import { requireWorkerLogin } from '../worker-login.ts';
import { askBilling, type LiveBilling } from './live-billing.ts';

export interface ReadinessRequest {
  /** `billing`: load first. `prestaging`: never ask Billing. Undefined: load when nothing is here. */
  readonly from: 'billing' | 'prestaging' | undefined;
  readonly entity: string | undefined;
  readonly revsync: string;
  readonly signal: AbortSignal;
}

/**
 * What the tenant would meet, from what is in pre-staging; loaded first where that is asked for, or where nothing is here.
 *
 * @throws RevsyncError `PRESTAGING_EMPTY`, `ENTITY_UNKNOWN`, and what `loadFromBilling` throws
 */
export async function makeReport(
  session: Session,
  closing: Closing,
  request: ReadinessRequest,
): Promise<ReadinessReport> {
  const { db } = session.database;
  const names = await namesOf(session);
  const loads =
    request.from === 'billing' || (request.from === undefined && (await isEmpty(session, request)));
  const access = request.from === 'prestaging' ? null : await billingOf(session, closing, loads);
  if (loads && access !== null) await load(session, access, request);

  const entity = request.entity === undefined ? undefined : (await findEntity(db, request.entity)).entity;
  const data = await readDataSources(db, entity);
  if (data.every(({ source }) => source === 'none')) throw nothingHere();
  const { live, note } = await ask(
    session,
    access,
    data.map((each) => each.entity),
  );
  const said = live ?? asReported(await listBillingSettings(db, entity));
  const found = await assess(db, {
    data,
    settings: said.settings,
    access: live?.access ?? (() => null),
    told: (id) => session.log.debug({ rule: id }, 'looked for'),
  });
  const report = {
    ...found,
    settings: said.settings,
    features: said.features,
    permissions: live?.permissions ?? null,
  };
  return {
    tenant: names.tenantName ?? names.tenant,
    revsync: request.revsync,
    madeAt: new Date().toISOString(),
    billing: { asked: live !== null, note },
    summary: summarize(report),
    data,
    ...report,
  };
}

const namesOf = ({ database, configuration }: Session) =>
  tenantNames(database.db, {
    tenant: configuration.REVSYNC_TENANT,
    tenantName: configuration.REVSYNC_TENANT_NAME ?? null,
  });

/** Whether nothing is here of what is asked for; an entity that nobody knows yet has nothing. */
async function isEmpty({ database: { db } }: Session, { entity }: ReadinessRequest): Promise<boolean> {
  const sources = await readDataSources(db);
  if (entity === undefined || sources.length === 0) return sources.every(({ source }) => source === 'none');
  const { entity: key } = await findEntity(db, entity);
  return sources.some((each) => each.entity === key && each.source === 'none');
}

/** The Billing of the environment or of the `up` that runs here; where rows are wanted and there is none, a sandbox. */
async function billingOf(
  { configuration, state, output }: Session,
  closing: Closing,
  loads: boolean,
): Promise<BillingAccess | null> {
  const published = (await findRunning(state))?.extra['billing'];
  const known = configuration.ZUORA_BASE_URL ?? (typeof published === 'string' ? published : null);
  if (known === null && !loads) return null;
  if (loads) await requireWorkerLogin(configuration, { operators: '--from prestaging reads what is here' });
  let url = known;
  if (url === null) {
    const sandbox = await startDemoSandbox(output.report);
    closing.add(() => sandbox.stop());
    ({ url } = sandbox);
  }
  const access = openBilling(url, configuration);
  closing.add(() => access.billing.close());
  return access;
}

async function load(
  session: Session,
  access: BillingAccess,
  { entity, signal }: ReadinessRequest,
): Promise<void> {
  const { database, configuration, output } = session;
  const listed = await readEntities({ database, configuration, billing: access });
  const wanted = entity === undefined ? undefined : (await findEntity(database.db, entity)).entity;
  for (const each of listed.filter((one) => wanted === undefined || one.entity === wanted)) {
    await loadFromBilling({
      means: {
        pool: database.pool,
        db: database.db,
        aqua: { exportQuery, headerTarget },
        dataQuery,
        now: () => Date.now(),
      },
      caller: randomUUID(),
      billing: access.billing.forEntity(each.billingId).withTrackId(`readiness/${each.entity}`),
      policy: await access.windowPolicy(),
      entity: each,
      report: output.report,
      signal,
    });
  }
}

interface Asked {
  readonly live: LiveBilling | null;
  readonly note: string;
}

/** A Billing that does not answer is no reason to have no report over what is here. */
async function ask(
  session: Session,
  access: BillingAccess | null,
  entities: readonly string[],
): Promise<Asked> {
  if (access === null) {
    return { live: null, note: 'Billing was not asked; settings are as they were read last.' };
  }
  const records = await entityRecords(session.database.db);
  try {
    session.output.report('Readiness asks Billing for its settings and for what the credentials may do.');
    const visible = records.filter(({ entity }) => entities.includes(entity));
    const live = await askBilling(access, visible, await namesOf(session));
    return { live, note: `Settings and permissions are as Billing told them at ${access.url}.` };
  } catch (error) {
    const note = `Billing could not be asked (${reasonOf(error)}); settings are as they were read last.`;
    session.output.report(note);
    return { live: null, note };
  }
}

function nothingHere(): RevsyncError {
  return new RevsyncError('Nothing of the tenant is in pre-staging yet.', {
    code: 'PRESTAGING_EMPTY',
    fate: 'fix-input',
    remedy: 'Run readiness with --from billing: it reads what a sync would read, and syncs nothing.',
  });
}
