import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sql } from 'kysely';
import type pg from 'pg';

import { invariant } from '../../domain/errors.ts';
import { type Db, openDatabase, openPool } from '../database.ts';
import type { DefaultTemplate } from '../templates.ts';
import { transformType } from '../transform/transform-type.ts';
import { type BenchTenant, openBenchTenant } from './bench-tenant.ts';
import { requireEqualLines } from './require-equal-lines.ts';
import { medians, type Timing } from './timing.ts';

export interface TransformBench {
  readonly items: number;
  readonly lines: number;
  readonly runs: readonly Timing[];
  readonly median: Timing;
}

export interface TransformBenchRequest {
  /** A migrated, empty database, as somebody who may do everything there. */
  readonly url: string;
  readonly items: number;
  /** Rounds that count; one goes before them, in which both have to form the same lines. */
  readonly runs: number;
  readonly report: (line: string) => void;
}

/** The statement that the transform is measured by: plain SQL, to be read beside what a template compiles to. */
const HAND_WRITTEN = join(import.meta.dirname, 'invoice-lines.sql');

/**
 * Times the transform of all invoice items against a hand-written INSERT ... SELECT with the same joins and columns,
 * in turn, into tables alike in columns, constraints, indexes and row security, each empty before. The transform is timed whole:
 * what it looks at, lines, states, holds and commit.
 *
 * @throws RevsyncError `BENCH_UNEQUAL` when the two do not form the same lines
 */
export async function benchTransform({
  url,
  items,
  runs,
  report,
}: TransformBenchRequest): Promise<TransformBench> {
  const admin = openDatabase(openPool(url, { connections: 1 }));
  const pool = openPool(url, { role: 'revsync_worker', connections: 2 });
  const db = openDatabase(pool);
  try {
    report(`Filling pre-staging: ${items} invoice items and what they hang on ...`);
    const tenant = await openBenchTenant(db, items);
    await makeQuiet(admin);
    const contestants = { handWritten: await handWritten(pool, tenant), transform: transform(db, tenant) };

    const timings: Timing[] = [];
    for (let round = 0; round <= runs; round += 1) {
      const timing = await timeRound(admin, contestants, round);
      if (round === 0) await requireEqualLines(admin);
      else timings.push(timing);
      report(`${round === 0 ? 'warm-up' : `round ${round}`}: ${describe(timing)}`);
    }
    const { rows } = await sql<{ lines: string }>`select count(*) as lines from staging.line`.execute(admin);
    return { items, lines: Number(rows[0]?.lines ?? 0), runs: timings, median: medians(timings) };
  } finally {
    await db.destroy();
    await admin.destroy();
  }
}

/** Whoever goes second has the warmer caches, so they take turns at that, too. Both tables are full at the end. */
async function timeRound(
  admin: Db,
  contestants: Readonly<Record<'handWritten' | 'transform', () => Promise<void>>>,
  round: number,
): Promise<Timing> {
  await sql`truncate bench.line, staging.line, staging.line_state, staging.hold, staging.finding`.execute(
    admin,
  );
  const took = { handWritten: 0, transform: 0 };
  const order = ['handWritten', 'transform'] as const;
  for (const name of round % 2 === 0 ? order : order.toReversed()) {
    // Nobody writes out what the one before changed.
    await sql`checkpoint`.execute(admin);
    const start = performance.now();
    await contestants[name]();
    took[name] = (performance.now() - start) / 1000;
  }
  return { ...took, ratio: took.transform / took.handWritten };
}

async function handWritten(pool: pg.Pool, tenant: BenchTenant): Promise<() => Promise<void>> {
  const statement = await readFile(HAND_WRITTEN, 'utf8');
  const { name, version } = invoiceTemplate(tenant);
  const values = [tenant.entity, tenant.org, name, version, tenant.run];
  return async () => void (await pool.query(statement, values));
}

function transform(db: Db, tenant: BenchTenant): () => Promise<void> {
  const { entity, org, run } = tenant;
  const template = invoiceTemplate(tenant);
  return async () => void (await transformType(db, { run, entity, org, template }));
}

function invoiceTemplate({ templates }: BenchTenant): DefaultTemplate {
  const template = templates.find(({ body }) => body.type === 'INV');
  invariant(template !== undefined, 'there is no default template of invoice items');
  return template;
}

/** The other table, and no vacuum in the middle of a round. */
async function makeQuiet(admin: Db): Promise<void> {
  await sql`create schema bench`.execute(admin);
  await sql`grant usage on schema bench to revsync_worker`.execute(admin);
  await sql`create table bench.line (like staging.line including all)`.execute(admin);
  await sql`select control.protect('bench.line')`.execute(admin);
  for (const table of ['bench.line', 'staging.line', 'staging.line_state', 'staging.hold']) {
    await sql`alter table ${sql.table(table)} set (autovacuum_enabled = false)`.execute(admin);
  }
  await sql`vacuum`.execute(admin);
}

const describe = ({ handWritten: by, transform: ours, ratio }: Timing): string =>
  `by hand ${by.toFixed(2)} s, transform ${ours.toFixed(2)} s, ratio ${ratio.toFixed(2)}`;
