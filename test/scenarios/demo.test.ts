import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { EnablementView } from '../../src/domain/enablement/view.ts';
import type { Digest } from '../../src/store/digest.ts';
import { openTerminal, type Terminal } from '../support/command-line.ts';

interface Demo {
  readonly runs: readonly SyncReport[];
  readonly contracts: number;
  readonly holds: Readonly<Record<string, string>>;
  readonly ui: string;
  /** Of the first demo only. */
  readonly enablement?: EnablementView;
}

const CLASSES = ['staged', 'held', 'rejected', 'excluded', 'unchanged', 'reference'] as const;

/** Objects whose two sides are not equal, reckoned from the printed text. */
function unequal({ balance }: SyncReport): string[] {
  return (balance?.rows ?? []).flatMap((row) => {
    const sum = CLASSES.reduce((total, name) => total.plus(row[name]), new Decimal(0));
    return sum.equals(row.extracted) ? [] : [`${row.object} ${row.currency} ${row.measure}`];
  });
}

describe('the demo', () => {
  let terminal: Terminal;
  let first: Demo;
  let digest: Digest;

  beforeAll(async () => {
    terminal = await openTerminal();
    first = await terminal.json<Demo>(['demo'], { within: 240_000 });
    digest = await terminal.json<Digest>(['digest']);
  });
  afterAll(() => terminal.close());

  test('makes revenue contracts from nothing', () => {
    expect(first.runs.map(({ outcome }) => outcome)).toEqual(['completed']);
    expect(Number(first.contracts)).toBeGreaterThan(0);
    expect(first.ui).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('goes through the enablement with answers of its own, which has the first runs done', () => {
    expect(first.enablement?.status).toBe('completed');
    expect(first.enablement?.steps.map(({ step, status }) => [step, status])).toEqual([
      [1, 'done'],
      [2, 'skipped'],
      [3, 'done'],
      [4, 'done'],
      [5, 'done'],
      [6, 'done'],
      [7, 'skipped'],
      [8, 'skipped'],
      [9, 'skipped'],
      [10, 'done'],
      [11, 'done'],
    ]);
    expect(first.runs[0]).toMatchObject({
      workflowId: 'revenue-sync/demo',
      window: { from: null, to: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) },
      collection: { org: 'default', contracts: first.contracts },
    });
  });

  test('prints a balance whose two sides are equal in every row', () => {
    const [run] = first.runs;
    expect(run?.balance?.balanced).toBe(true);
    expect(run?.balance?.rows.length).toBeGreaterThan(10);
    expect(first.runs.flatMap(unequal)).toEqual([]);
    const amounts = run?.balance?.rows.filter(({ measure }) => measure === 'amount') ?? [];
    expect(amounts.map(({ object }) => object)).toContain('InvoiceItem');
  });

  test('finds nothing to do the second time, in less than a minute, and changes nothing', async () => {
    const started = performance.now();
    const { code, stdout, stderr } = await terminal.run(['demo']);
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Revenue Sync of demo: nothing-to-do/);
    expect(stdout).toMatch(/^Balance of run \d+ of demo: equal$/m);
    expect(stdout).toContain(`Revenue contracts: ${first.contracts}`);
    expect(stdout).toContain('npm run -s revsync -- up');
    expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(await terminal.json<Digest>(['digest'])).toEqual(digest);
  });
});
