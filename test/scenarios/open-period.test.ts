import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { Contract } from '../../src/store/contracts.ts';
import type { Line } from '../../src/store/lines/read-lines.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';

interface Collected {
  readonly outcome: string;
  readonly collected: number;
  readonly waiting: number;
}

/** Bookings by their order, billings by their invoice. */
const dateOf = ({ type, fields }: Line): string =>
  String(type === 'SO' ? fields['SO Book Date'] : fields['Invoice Date']);

/** All but how it got there: versions, and the lines of replaced bookings. */
const whatItComesTo = ({ version: _versions, lines: _ofAllVersions, ...contract }: Contract) => contract;

describe('the open period', () => {
  let terminal: Terminal;
  let other: Terminal;
  let sandbox: Staying<SandboxDocument>;
  let undisturbed: Contract[];
  let first: SyncReport;

  const lines = () => terminal.json<Line[]>(['line', 'list']);
  const waiting = async () => (await lines()).filter(({ status }) => status === 'waiting');

  beforeAll(async () => {
    [terminal, other] = await Promise.all([openTerminal(), openTerminal()]);
    sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=300,seed=5']);
    const env = { ZUORA_BASE_URL: sandbox.document.url };
    [undisturbed] = await Promise.all([
      contractsOf(other, { ...env, REVSYNC_OPEN_PERIOD: '2025-06' }),
      terminal.start<UpDocument>(['up'], { env: { ...env, REVSYNC_OPEN_PERIOD: '2024-03' } }),
    ]);
    first = await terminal.json<SyncReport>(['sync', 'run']);
  });
  afterAll(async () => {
    await Promise.all([terminal.close(), other.close()]);
  });

  test('keeps what is dated after it waiting, and nothing else', async () => {
    expect(first.outcome).toBe('completed');
    expect(await terminal.json(['period', 'list'])).toEqual([
      { org: 'default', period: '2024-03', status: 'open' },
    ]);
    const all = await lines();
    const after = all.filter((line) => dateOf(line) >= '2024-04-01');
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter(({ status }) => status === 'collected')).toEqual([]);
    for (const { id, status, holds } of after) {
      const why = holds.map(({ kind, limitation }) => `${kind}: ${limitation}`);
      expect({ id, status, why }).toEqual({
        id,
        status: 'waiting',
        why: [expect.stringMatching(/^waiting: waits-for-(open-period|booking)$/)],
      });
    }
    const before = all.filter((line) => dateOf(line) < '2024-04-01');
    expect(before.length).toBeGreaterThan(0);
    const left = before.filter(({ status }) => !['collected', 'superseded'].includes(status));
    expect(left.map(({ holds }) => holds.map(({ limitation }) => limitation))).toEqual(
      left.map(() => ['waits-for-charge-version']),
    );
    expect(first.collection?.waiting).toBe((await waiting()).length);
  });

  test('a sync of the same changes nothing about that', async () => {
    const before = await waiting();
    const { outcome, collection } = await terminal.json<SyncReport>(['sync', 'run']);
    expect({ outcome, collected: collection?.collected }).toEqual({
      outcome: 'nothing-to-do',
      collected: 0,
    });
    expect(await waiting()).toEqual(before);
  });

  test('moves on, month by month, and collection takes what has waited', async () => {
    for (const month of ['2024-04', '2024-09', '2025-06']) {
      const waited = await waiting();
      const opened = await terminal.json(['period', 'open', month, '--by', 'ann', '--reason', 'a test']);
      expect(opened).toEqual({ org: 'default', period: month, status: 'open' });
      const done = await terminal.json<Collected>(['collect', 'run']);
      expect(done.outcome).toBe('completed');
      expect(Number(done.collected)).toBeGreaterThan(0);
      expect(Number(done.waiting)).toBeLessThan(waited.length);
    }
    const periods = await terminal.json<{ period: string; status: string }[]>(['period', 'list']);
    expect(periods.map(({ period, status }) => `${period} ${status}`)).toEqual([
      '2024-03 closed',
      '2024-04 closed',
      '2024-09 closed',
      '2025-06 open',
    ]);
  });

  test('ends with the contracts of a tenant whose period was late from the start', async () => {
    expect(await waiting()).toEqual([]);
    const contracts = await terminal.json<Contract[]>(['contract', 'list']);
    expect(contracts.length).toBeGreaterThan(10);
    expect(contracts.map(whatItComesTo)).toEqual(undisturbed.map(whatItComesTo));
  });
});

async function contractsOf(terminal: Terminal, env: Record<string, string>): Promise<Contract[]> {
  await terminal.json(['sync', 'run'], { env });
  return terminal.json<Contract[]>(['contract', 'list'], { env });
}
