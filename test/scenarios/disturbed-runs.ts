import { expect } from 'vitest';

import type { Row, Tenant } from '../../src/billing/sandbox/tenant.ts';
import type { FaultRequest, Left, SceneOptions } from './scene.ts';
import type { PlayedScene, Stage } from './stage.ts';

/** Where a fault of a call can strike, as faults are matched: calls that every run of `DATA_QUERY` makes. */
export const CALLS = [
  'POST /oauth/token',
  'GET /v1/entities',
  'GET /settings',
  'GET /v1/describe',
  'POST /v1/batch-query',
  'GET /v1/batch-query/jobs',
  'GET /v1/file',
  'POST /query/jobs',
  'GET /query/jobs',
  'GET /data-query-files',
] as const;

/** A tenant whose contractual values only Data Query has. */
export const DATA_QUERY = 'items=40,seed=7,ccv=data-query';

/** How long after a run the next one begins; changes come in between. */
const MINUTES = { toChanges: 30, toRun: 40, toLookBack: 200 * 60 };

type Faults = readonly FaultRequest[];

/** One run, which ends by itself after every fault has struck. */
export async function syncThrough(scene: PlayedScene, faults: Faults = []): Promise<void> {
  await scene.fault(...faults);
  await scene.sync();
  expect(await scene.pending(), 'faults that did not strike').toEqual([]);
}

/** Two runs: all that there is, then what has changed. */
export async function firstAndChanged(
  scene: PlayedScene,
  first: Faults = [],
  changed: Faults = [],
): Promise<void> {
  await syncThrough(scene, first);
  await thenChanged(scene, changed);
}

/** The second of them. */
export async function thenChanged(scene: PlayedScene, faults: Faults = []): Promise<void> {
  await passWithChanges(scene);
  await syncThrough(scene, faults);
}

/** An invoice item more, three less, and a charge with another quantity; then it is time for the next run. */
export async function passWithChanges(scene: PlayedScene): Promise<void> {
  scene.pass(MINUTES.toChanges);
  const [copied, ...others] = await rowsOf(scene.tenant, 'InvoiceItem');
  const [charge] = await rowsOf(scene.tenant, 'RatePlanCharge');
  await scene.change('InvoiceItem', {
    rows: [{ ...withoutDate(copied), Id: 'item-added' }],
    deletedIds: others.slice(0, 3).map((row) => row['Id']),
  });
  await scene.change('RatePlanCharge', { rows: [{ Id: charge?.['Id'], Quantity: '77' }] });
  scene.pass(MINUTES.toRun);
}

/** Time passes until a run looks back, and compares keys. */
export function passToLookBack(scene: PlayedScene): void {
  scene.pass(MINUTES.toLookBack);
}

/** What is left where nothing goes wrong. */
export async function undisturbed(
  stage: Stage,
  options: SceneOptions,
  work: (scene: PlayedScene) => Promise<void> = firstAndChanged,
): Promise<Left> {
  const left = await stage.play(options, async (scene) => {
    await work(scene);
    return scene.left();
  });
  expect(left.balances.length).toBeGreaterThan(0);
  expect(left.balances).toEqual(left.balances.map(() => expect.objectContaining({ balanced: true })));
  return left;
}

export async function rowsOf(tenant: Tenant, object: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of tenant.rows(object)) if (row['Deleted'] !== 'true') rows.push(row);
  return rows;
}

/** A row as it would be written anew: Billing dates it. */
export function withoutDate({ UpdatedDate: _then, ...row }: Row = {}): Row {
  return row;
}
