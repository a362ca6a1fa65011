import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readCsv } from '../../src/billing/sandbox/csv-read.ts';
import type { SyncReport } from '../../src/cli/sync-run.ts';
import { CATALOGUE, findObject } from '../../src/domain/catalogue/catalogue.ts';
import type { Line } from '../../src/store/lines/read-lines.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';
import { adaptDbtSeeds, DBT_SEEDS } from '../support/dbt-seeds.ts';
import { rowsOf } from './database-rows.ts';

const THERE = existsSync(DBT_SEEDS);
const LEFT_OUT = [
  'InvoicePayment',
  'Payment',
  'PaymentMethod',
  'Refund',
  'RefundInvoicePayment',
  'TaxationItem',
];

if (!THERE) console.warn('skipped: the licensed rows of dbt_zuora do not lie beside the project');

describe.skipIf(!THERE)('rows that somebody else made, full of gaps', () => {
  let terminal: Terminal;
  let sandbox: Staying<SandboxDocument>;
  let up: Staying<UpDocument>;
  let report: SyncReport;
  let lines: Line[];
  /** Ids by object, straight from the files. */
  const ids = new Map<string, string[]>();

  beforeAll(async () => {
    terminal = await openTerminal();
    const folder = join(terminal.stateDir, 'rows');
    await adaptDbtSeeds(DBT_SEEDS, folder);
    for (const file of await readdir(folder)) {
      const object = file.replace(/\.csv$/, '');
      if (findObject(object) !== undefined) ids.set(object, await idsIn(join(folder, file)));
    }
    sandbox = await terminal.start<SandboxDocument>(['sandbox', '--data', folder]);
    up = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: sandbox.document.url } });
    report = await terminal.json<SyncReport>(['sync', 'run']);
    lines = await terminal.json<Line[]>(['line', 'list']);
  });
  afterAll(() => terminal.close());

  test('the sandbox names the objects that it leaves out', () => {
    const named = [...sandbox.stderr().matchAll(/revsync has no object (\w+)/g)].map((match) => match[1]);
    expect(named).toEqual(LEFT_OUT);
  });

  test('68 rows of 13 objects are extracted, deleted ones among them, and the balance is equal', () => {
    expect(report.outcome).toBe('completed');
    expect(report.balance?.balanced).toBe(true);
    const counts = report.balance?.rows.filter(({ measure }) => measure === 'count') ?? [];
    const extracted = new Map<string, number>();
    for (const row of counts) {
      extracted.set(row.object, (extracted.get(row.object) ?? 0) + Number(row.extracted));
    }
    const some = [...extracted].filter(([, count]) => count > 0);
    expect(Object.fromEntries(some)).toEqual(
      Object.fromEntries([...ids].map(([object, rows]) => [object, rows.length])),
    );
    expect(some.length).toBe(13);
    expect(some.reduce((total, [, count]) => total + count, 0)).toBe(68);
    const deleted = counts.reduce((total, row) => total + Number(row.exclusions['deleted'] ?? 0), 0);
    expect(deleted).toBeGreaterThan(0);
  });

  test('pre-staging holds exactly the rows of the files: no parent was invented', async () => {
    for (const { name, table } of CATALOGUE) {
      const rows = await rowsOf<{ id: string }>(
        up.document.database,
        `select id from prestaging."${table}" order by id collate "C"`,
      );
      expect({ name, ids: rows.map(({ id }) => id) }).toEqual({ name, ids: ids.get(name) ?? [] });
    }
  });

  test('every line is held, and each hold names the object that is missing', () => {
    expect(lines.length).toBe(10);
    expect(lines.filter(({ status }) => status !== 'held')).toEqual([]);
    for (const { id, holds } of lines) {
      expect({ id, holds: holds.length > 0 }).toEqual({ id, holds: true });
      for (const { kind, limitation, message, remedy } of holds) {
        expect(kind).toBe('orphan');
        expect(limitation).toMatch(/^orphan-[a-z-]+$/);
        expect(message).toMatch(/ needs \w+ .*, which has not come from Billing\.$/);
        expect(remedy).not.toBe('');
      }
    }
  });

  test('every parent that is named as missing is in no file', () => {
    const everyId = new Set([...ids].flatMap(([object, rows]) => rows.map((id) => `${object} ${id}`)));
    const missing = lines.flatMap(({ holds }) =>
      holds.map(({ message }) => / needs (\w+ \w+),/.exec(message)?.[1] ?? message),
    );
    expect(missing.filter((parent) => everyId.has(parent))).toEqual([]);
  });

  test('no contract is made of them', async () => {
    expect(report.collection).toMatchObject({ contracts: 0, collected: 0 });
    expect(await terminal.json(['contract', 'list'])).toEqual([]);
  });
});

async function idsIn(path: string): Promise<string[]> {
  const rows: (readonly string[])[] = [];
  for await (const { cells } of readCsv(createReadStream(path))) rows.push(cells);
  const [header = [], ...records] = rows;
  const at = header.indexOf('Id');
  return records.map((cells) => cells[at] ?? '').toSorted();
}
