import { setTimeout } from 'node:timers/promises';

import type { Billing } from '../../src/billing/port.ts';
import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { reasonOf, RevsyncError } from '../../src/domain/errors.ts';
import { destinyOf } from '../../src/store/balance/destiny.ts';
import { loadObject } from '../../src/store/load/load-object.ts';
import type { OpenRun } from '../../src/store/runs.ts';
import { readHeader } from '../read-header.ts';
import { exportFailed, type Patient } from './await-export.ts';
import type { Means } from './means.ts';

export const PRICES = 'ChargeContractualValueAllCharges';
const POLL = 1_000;

/** Data Query cuts a result there and says nothing (wire.md 2.3). */
const LIMIT = 500_000;

interface PriceLoading extends Patient {
  readonly means: Means;
  readonly billing: Billing;
  readonly run: OpenRun;
}

/**
 * Contractual values where the export has none, by one Data Query. They are the amounts at stake and nothing hangs on
 * them here: where they cannot be had, the report does without, and says so.
 */
export async function loadPrices(loading: PriceLoading): Promise<void> {
  const { means, billing, report, run } = loading;
  const object = objectOf(PRICES);
  try {
    const job = await billing.submitDataQuery({
      sql: means.dataQuery.pricesQuery({ from: run.windowFrom, to: run.windowTo }),
    });
    const rows = await awaitRows(loading, job);
    if (Number(rows) >= LIMIT) return report(`  ${PRICES}: too many for one Data Query; left out`);
    await loadObject(means.pool, {
      ...run,
      object,
      source: 'data-query',
      destiny: destinyOf(object),
      files: [{ id: job, open: () => billing.openDataQueryFile(job, loading.signal) }],
      recordCount: rows,
      readHeader: (cells) => readHeader(means.aqua, object, cells),
      onBytes: () => undefined,
    });
    report(`  ${PRICES}: ${rows} rows by Data Query`);
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code === 'RUN_IS_OVER') throw error;
    report(`  ${PRICES}: not to be had, so bookings show no amounts (${reasonOf(error)})`);
  }
}

async function awaitRows({ billing, signal }: PriceLoading, job: string): Promise<string> {
  for (;;) {
    const status = await billing.dataQueryStatus(job);
    if (status.state === 'completed') return status.rows;
    if (status.state === 'failed') throw exportFailed(job, status.reason);
    await setTimeout(POLL, undefined, { signal });
  }
}
