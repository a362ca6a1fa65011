import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { Contract } from '../../src/store/contracts.ts';
import type { Digest } from '../../src/store/digest.ts';
import type { Line, LineStatus } from '../../src/store/lines/read-lines.ts';
import type { Finding } from '../../src/store/list-findings.ts';
import type { Hold } from '../../src/store/list-holds.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';

/** What an operator can see of it all. */
interface View {
  readonly lines: readonly Line[];
  readonly contracts: readonly Contract[];
  readonly holds: readonly Hold[];
}

describe('an invoice item that is deleted in Billing', () => {
  let terminal: Terminal;
  let sandbox: Staying<SandboxDocument>;
  let before: View;

  const view = async (): Promise<View> => {
    const [lines, contracts, holds] = await Promise.all([
      terminal.json<Line[]>(['line', 'list']),
      terminal.json<Contract[]>(['contract', 'list']),
      terminal.json<Hold[]>(['hold', 'list']),
    ]);
    return { lines, contracts, holds };
  };
  const findings = (...flags: string[]) => terminal.json<Finding[]>(['finding', 'list', ...flags]);
  const sync = async () => {
    const { outcome, balance } = await terminal.json<SyncReport>(['sync', 'run']);
    expect({ outcome, balanced: balance?.balanced }).toEqual({ outcome: 'completed', balanced: true });
    return balance?.rows.find(({ object, measure }) => object === 'InvoiceItem' && measure === 'count');
  };
  const remove = (id: string) =>
    tellSandbox(sandbox.document.url, 'changes', { object: 'InvoiceItem', deletedIds: [id] });
  const restore = (id: string) =>
    tellSandbox(sandbox.document.url, 'changes', { object: 'InvoiceItem', rows: [{ Id: id }] });

  const itemOf = (line: Line): string => line.id.replace('INV:', '');
  const aBilling = (status: LineStatus): Line => {
    const found = before.lines.find((line) => line.type === 'INV' && line.status === status);
    if (found === undefined) throw new Error(`no billing is ${status}`);
    return found;
  };
  /** All but when which run formed a line, and out of which version of its item. */
  const content = ({ lines, contracts, holds }: View) => ({
    lines: lines.map(({ lineage: _lineage, holds: _holds, fields, ...line }) => ({
      ...line,
      fields: { ...fields, 'Sequence Number': null },
    })),
    contracts,
    holds: holds
      .map(({ id: _id, since: _since, ...hold }) => hold)
      .toSorted((a, b) => (a.line < b.line ? -1 : 1)),
  });
  const withStatus = ({ lines, contracts, holds }: View, id: string, status: LineStatus): View => ({
    lines: lines.map((line) => (line.id === id ? { ...line, status } : line)),
    contracts,
    holds: holds.filter(({ line }) => line !== id),
  });

  beforeAll(async () => {
    terminal = await openTerminal();
    sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=300,seed=5']);
    // Lines after the open period wait, so that there are some of both kinds.
    const env = { ZUORA_BASE_URL: sandbox.document.url, REVSYNC_OPEN_PERIOD: '2024-03' };
    await terminal.start<UpDocument>(['up'], { env });
    await sync();
    before = await view();
  });
  afterAll(() => terminal.close());

  test('nothing is found while nothing is deleted', async () => {
    expect(await findings()).toEqual([]);
  });

  describe('before its line is collected', () => {
    test('supersedes the line and says so with the amount; nothing else changes', async () => {
      const line = aBilling('waiting');
      await remove(itemOf(line));
      expect(await sync()).toMatchObject({ excluded: '1', exclusions: { deleted: '1' } });
      expect(content(await view())).toEqual(content(withStatus(before, line.id, 'superseded')));
      expect(await findings('--open')).toMatchObject([
        {
          finding: 'deleted-in-billing',
          object: 'InvoiceItem',
          source: itemOf(line),
          line: line.id,
          amount: line.fields['Ext Sell Price'],
          currency: line.fields['Transaction Currency'],
          resolved: null,
        },
      ]);
      const shown = await terminal.json<Line>(['line', 'show', line.id]);
      expect(shown).toMatchObject({ status: 'superseded', holds: [], lineage: { run: line.lineage.run } });
    });

    test('comes back as the line it was when Billing restores it', async () => {
      const line = aBilling('waiting');
      await restore(itemOf(line));
      expect(await sync()).toMatchObject({ excluded: '0', staged: '1' });
      expect(content(await view())).toEqual(content(before));
      expect(await findings('--open')).toEqual([]);
      expect(await findings()).toMatchObject([{ line: line.id, resolved: expect.stringMatching(/Z$/) }]);
    });
  });

  describe('after its line is collected', () => {
    test('leaves the line and its contract as they are, and says so with the amount', async () => {
      const line = aBilling('collected');
      await remove(itemOf(line));
      expect(await sync()).toMatchObject({ excluded: '1', exclusions: { deleted: '1' } });
      expect(content(await view())).toEqual(content(before));
      const [finding, ...others] = await findings('--open');
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ line: line.id, amount: line.fields['Ext Sell Price'] });
      expect(finding?.message).toMatch(/the line stays collected\.$/);
    });

    test('leaves no open finding when Billing restores it', async () => {
      await restore(itemOf(aBilling('collected')));
      await sync();
      expect(content(await view())).toEqual(content(before));
      expect(await findings('--open')).toEqual([]);
    });
  });

  test('syncing again then changes nothing', async () => {
    await remove(itemOf(aBilling('waiting')));
    await sync();
    const read = () => Promise.all([findings(), terminal.json<Digest>(['digest'])] as const);
    const after = await read();
    expect((await terminal.json<SyncReport>(['sync', 'run'])).outcome).toBe('nothing-to-do');
    expect(await read()).toEqual(after);
  });
});
