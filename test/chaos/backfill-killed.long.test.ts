import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { BackfillReport } from '../../src/cli/commands/backfill.ts';
import type { SyncReport } from '../../src/cli/sync-run.ts';
import { isMemo } from '../../src/domain/settlement/memos.ts';
import type { Digest } from '../../src/store/digest.ts';
import { holdTable, rowsOf } from '../scenarios/database-rows.ts';
import {
  openTerminal,
  type SandboxDocument,
  tellSandbox,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { memoOf, SETTLING } from '../support/settling-tenant.ts';
import { csvOf, type Rows } from '../support/sync-rows.ts';
import { killNine, processOf } from './killing.ts';

const BACKFILL = 'invoice-settlement-backfill/demo';
const NOW = Date.now();
/** Chosen once: the two tenants may be switched over before and after midnight. */
const SWITCH_DATE = new Date(NOW).toISOString().slice(0, 10);
const daysAgo = (days: number): string => new Date(NOW - days * 86_400_000).toISOString();

/** One in the place of an adjustment that is collected, one that resembles the other; the rest is new. */
const MEMOS: readonly Rows[] = [
  memoOf('CreditMemo', 'named', { at: daysAgo(75), amount: '30.00', change: { SourceItemId: 'adj1' } }),
  memoOf('CreditMemo', 'fresh', { at: daysAgo(45), amount: '5.00' }),
  memoOf('DebitMemo', 'more', { at: daysAgo(20), amount: '7.00' }),
  memoOf('CreditMemo', 'alike', {
    at: daysAgo(1),
    amount: '10.00',
    change: { ServiceStartDate: '2024-01-11', ServiceEndDate: '2024-01-20' },
  }),
];

/** A tenant that was synced and collected before Invoice Settlement came on, and `up` beside it. */
interface Settled {
  readonly terminal: Terminal;
  readonly up: UpDocument;
}

const opened: Terminal[] = [];
let killed: Settled;
let undisturbed: Settled;

beforeAll(async () => {
  [killed, undisturbed] = await Promise.all([openSettled(), openSettled()]);
});
afterAll(() => Promise.all(opened.map((terminal) => terminal.close())));

async function openSettled(): Promise<Settled> {
  const terminal = await openTerminal({ REVSYNC_OPEN_PERIOD: SWITCH_DATE.slice(0, 7) });
  opened.push(terminal);
  const folder = join(terminal.stateDir, 'rows');
  await mkdir(folder, { recursive: true });
  for (const [object, rows] of Object.entries(SETTLING)) {
    if (!isMemo(object)) await writeFile(join(folder, `${object}.csv`), csvOf(rows));
  }
  const { document: sandbox } = await terminal.start<SandboxDocument>(['sandbox', '--data', folder]);
  const { document: up } = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: sandbox.url } });
  await sync(terminal);
  const collected = await rowsOf(
    up.database,
    `select from revenue.line as c join staging.line as l on (l.entity, l.id) = (c.entity, c.line)
     where l.source_object = 'InvoiceItemAdjustment'`,
  );
  expect(collected).toHaveLength(2);

  await tellSandbox(sandbox.url, 'features', { invoiceSettlement: true });
  for (const [object, rows] of MEMOS.flatMap((memo) => Object.entries(memo))) {
    await tellSandbox(sandbox.url, 'changes', { object, rows });
  }
  return { terminal, up };
}

async function sync(terminal: Terminal): Promise<SyncReport> {
  const report = await terminal.json<SyncReport>(['sync', 'run']);
  expect(report).toMatchObject({ balance: { balanced: true } });
  return report;
}

async function backfill({ terminal }: Settled): Promise<BackfillReport> {
  const done = await terminal.run(['backfill', 'run', '--switch-date', SWITCH_DATE, '--json'], {
    within: 300_000,
  });
  expect(done.stderr).not.toMatch(/^\s+at .+:\d+/m);
  expect(done.code).toBe(0);
  return done.json<BackfillReport>();
}

/** What the backfill and the sync after it leave; also what each chunk brought, and by how many runs. */
async function leftBy({ terminal, up }: Settled) {
  const { collection } = await sync(terminal);
  return {
    collected: collection?.collected,
    digest: await terminal.json<Digest>(['digest']),
    chunks: await rowsOf(
      up.database,
      `select chunk, kind, memos, items,
         (select count(*) from control.run as r where r.run = c.run) as runs
       from control.settlement_chunk as c order by chunk`,
    ),
    runs: await rowsOf(up.database, 'select state, moves_mark from control.run order by run'),
  };
}

/** Says at once what the time-outs of a dead worker's activities would say in minutes. */
async function endActivities(temporal: string): Promise<void> {
  const connection = await Connection.connect({ address: temporal });
  try {
    const client = new Client({ connection });
    const { raw } = await client.workflow.getHandle(BACKFILL).describe();
    for (const { activityId } of raw.pendingActivities ?? []) {
      await client.activity.fail(
        { workflowId: BACKFILL, activityId: activityId ?? '' },
        new Error('its worker was killed'),
      );
    }
  } finally {
    await connection.close();
  }
}

test('a worker killed at every chunk of the backfill, and inside of one, leaves what no kill leaves', async () => {
  const calm = backfill(undisturbed);
  const running = backfill(killed);
  const { terminal, up } = killed;
  const count = async (what: string): Promise<number> => {
    const [row] = await rowsOf<{ count: string }>(up.database, `select count(*) from control.${what}`);
    return Number(row?.count);
  };
  const kill = async (): Promise<number> => {
    const worker = await processOf(terminal, 'worker');
    await killNine(worker);
    return worker;
  };
  const restarted = (worker: number) =>
    until('there is a new worker', async () => (await processOf(terminal, 'worker')) !== worker);

  await until('the run over the first chunk is open', async () => (await count('run')) === 2);
  const chunks = await count('settlement_chunk');
  expect(chunks).toBeGreaterThanOrEqual(4);
  for (let chunk = 1; chunk <= chunks; chunk += 1) {
    // The run before them, and one a chunk; the chunk before this one is no longer written to then.
    await until(`the run over chunk ${chunk} is open`, async () => (await count('run')) === chunk + 1);
    const held = await holdTable(up.database, 'control.settlement_chunk');
    if (chunk === 2) {
      const inside = await holdTable(up.database, 'prestaging.credit_memo_item');
      await inside.waitedFor();
      const worker = await kill();
      await inside.release();
      await restarted(worker);
    }
    await held.waitedFor();
    const worker = await kill();
    // The statement of the dead worker goes through: the chunk is done, and nobody has heard of it.
    await held.release();
    await until(
      `chunk ${chunk} is done`,
      async () => (await count('settlement_chunk where run is not null')) === chunk,
    );
    await endActivities(up.temporal);
    await restarted(worker);
  }

  const [report, calmReport] = [await running, await calm];
  expect(report).toMatchObject({
    outcome: 'completed',
    entities: [{ state: 'done', chunks: { done: chunks, total: chunks }, memos: { memos: '4', items: '4' } }],
  });
  expect(report.entities).toEqual(calmReport.entities);
  const left = await leftBy(killed);
  expect(left).toMatchObject({ collected: 2 });
  expect(left).toEqual(await leftBy(undisturbed));
});
