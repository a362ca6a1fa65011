import { invariant } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { openRun } from '../runs.ts';
import { ensureSeededSetups } from '../setups/seeded-setups.ts';
import { type DefaultTemplate, defaultTemplates, ensureSeededTemplates } from '../templates.ts';
import { recordEntities, rememberInvoiceSettlement, rememberPriceSource } from '../tenancy.ts';
import { fillPrestaging } from './fill-prestaging.ts';

/** A tenant whose first run has loaded everything and transformed nothing. */
export interface BenchTenant {
  readonly entity: string;
  readonly org: string;
  readonly run: string;
  readonly templates: readonly DefaultTemplate[];
}

const ENTITY = { entity: 'bench', org: 'bench' };

/** Fills an empty database with a tenant of that many invoice items. */
export async function openBenchTenant(db: Db, items: number): Promise<BenchTenant> {
  const { entity, org } = ENTITY;
  await recordEntities(db, [
    {
      ...ENTITY,
      billingId: null,
      entityName: 'Bench Inc.',
      displayName: 'Bench',
      parent: null,
      timezone: null,
      homeCurrency: 'USD',
    },
  ]);
  await rememberInvoiceSettlement(db, entity, true);
  await rememberPriceSource(db, entity, 'export');
  await ensureSeededTemplates(db);
  await ensureSeededSetups(db);
  const opened = await openRun(db, {
    ...ENTITY,
    owner: { workflowId: 'bench', runId: 'bench' },
    window: { from: null, to: '2024-05-15T00:00:00Z', lookBack: false, movesMark: true, selection: {} },
  });
  invariant(opened !== undefined, 'a run of the benchmark is open');
  await fillPrestaging(db, { run: opened.run, entity, org, items });
  return { entity, org, run: opened.run, templates: await defaultTemplates(db, entity) };
}
