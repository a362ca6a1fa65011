import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import type { ShownContract } from '../../src/store/contracts/show-contract.ts';
import type { Hold } from '../../src/store/list-holds.ts';
import type { Line } from '../../src/store/lines/read-lines.ts';
import type { ShownLine } from '../../src/store/show-line.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';

interface Decided {
  readonly as: string;
  readonly decided: string;
  readonly lines: readonly string[];
  readonly collection: { readonly outcome: string; readonly collected?: number } | null;
}

const BECAUSE = ['--reason', 'Agreed with sales.', '--by', 'ann'];

describe('an operator decides on stopped lines', () => {
  let terminal: Terminal;
  let sandbox: Staying<SandboxDocument>;
  let up: Staying<UpDocument>;
  let collected: Line[];

  /** Of the bookings; the billings of a charge that came again may be stopped, too. */
  const holds = () => terminal.json<Hold[]>(['hold', 'list', '--type', 'SO']);
  const stoppedForm = (line: Line | undefined): string => `${line?.id}#2`;
  /** The charge of a collected line comes again in its version, with another quantity. */
  const recollect = async (line: Line | undefined, quantity: string) => {
    const source = line?.lineage.sources.find(({ object }) => object === 'RatePlanCharge');
    await tellSandbox(sandbox.document.url, 'changes', {
      object: 'RatePlanCharge',
      rows: [{ Id: source?.id, Quantity: quantity }],
    });
  };
  const contractOf = async (line: Line | undefined): Promise<ShownContract> => {
    const all = await terminal.json<{ id: string }[]>([
      'contract',
      'list',
      '--subscription',
      line?.subscription ?? '',
    ]);
    for (const { id } of all) {
      const shown = await terminal.json<ShownContract>(['contract', 'show', id]);
      if (shown.lineItems.some((item) => item.line === line?.id)) return shown;
    }
    throw new Error(`no contract has ${line?.id}`);
  };

  beforeAll(async () => {
    terminal = await openTerminal();
    sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=60,seed=5']);
    up = await terminal.start<UpDocument>(['up'], {
      env: { ZUORA_BASE_URL: sandbox.document.url, REVSYNC_OPEN_PERIOD: '2026-01' },
    });
    await terminal.json<SyncReport>(['sync', 'run']);
    const lines = await terminal.json<Line[]>(['line', 'list', '--type', 'SO', '--status', 'collected']);
    collected = lines.filter(
      ({ fields }) => fields['Rate Plan Charge Model']?.startsWith('Per Unit') === true,
    );
    for (const line of collected.slice(0, 4)) await recollect(line, '99');
    await terminal.json<SyncReport>(['sync', 'run']);
  });
  afterAll(() => terminal.close());

  test('who sees them with what changed', async () => {
    expect(await holds()).toMatchObject(
      collected
        .slice(0, 4)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map((line) => ({
          line: stoppedForm(line),
          limitation: 'same-version-recollection',
          message: expect.stringContaining('Ordered Qty'),
        })),
    );
  });

  test('who is told what cannot be, and nothing changes', async () => {
    const before = await holds();
    const standalone = ['--line', stoppedForm(collected[0]), '--as', 'standalone'];
    const refused = await terminal.run(['hold', 'release', ...standalone, ...BECAUSE, '--json']);
    expect([refused.code, refused.json()]).toMatchObject([
      2,
      { error: { code: 'RELEASE_REFUSED', message: expect.stringContaining('correction or amendment') } },
    ]);
    const unreasoned = await terminal.run(['hold', 'reject', '--hold', 'same-version-recollection']);
    expect([unreasoned.code, unreasoned.stderr]).toMatchObject([2, expect.stringContaining('--reason')]);
    expect(await holds()).toEqual(before);
  });

  test('whose release is collected at once, and stands in the contract under their name', async () => {
    const line = collected[0];
    const correction = [stoppedForm(line), '--as', 'correction'];
    const released = await terminal.json<Decided>(['line', 'release', ...correction, ...BECAUSE]);
    expect(released).toMatchObject({
      as: 'correction',
      decided: '1',
      lines: [stoppedForm(line)],
      collection: { outcome: 'completed', collected: 1 },
    });
    const { versions } = await contractOf(line);
    expect(versions.at(-1)).toMatchObject({ cause: 'Correction', by: 'ann' });
    expect(await terminal.json<ShownLine>(['line', 'show', stoppedForm(line)])).toMatchObject({
      status: 'collected',
      holds: [],
      decisions: [{ as: 'correction', by: 'ann', reason: 'Agreed with sales.' }],
    });
  });

  test('whose decision is kept while the period is being closed, and acted on afterwards', async () => {
    const line = collected[1];
    await terminal.json(['period', 'pending-close', '--by', 'ann', '--reason', 'Month end.']);
    const amendment = ['--line', stoppedForm(line), '--as', 'amendment', '--no-collect'];
    const kept = await terminal.json<Decided>(['hold', 'release', ...amendment, ...BECAUSE]);
    expect(kept).toMatchObject({ decided: '1', collection: null });
    expect((await contractOf(line)).versions.at(-1)?.cause).not.toBe('Amendment');

    await terminal.json(['period', 'pending-close', '--cancel', '--by', 'ann', '--reason', 'Bill run late.']);
    await terminal.json(['collect', 'run']);
    expect((await contractOf(line)).versions.at(-1)).toMatchObject({ cause: 'Amendment', by: 'ann' });
  });

  test('who does the same from the Temporal UI: starts a collection that waits for it, and sends the update', async () => {
    const line = collected[3];
    const connection = await Connection.connect({ address: up.document.temporal });
    try {
      const handle = await new Client({ connection }).workflow.start('dataCollection', {
        workflowId: 'whatever the form was given',
        taskQueue: 'revsync',
        args: [{ org: 'default', decide: true }],
      });
      const asked = await until('the collection waits for a decision', async () => {
        const { awaiting } = await handle.query<DeskState>('state');
        return awaiting;
      });
      expect(asked).toMatchObject({ step: 'decide', example: { update: 'releaseHold' } });
      const message = { lines: [stoppedForm(line)], as: 'correction', reason: 'Agreed.', by: 'bob' };
      expect(await handle.executeUpdate('releaseHold', { args: [message] })).toMatchObject({ decided: '1' });
      expect(await handle.result()).toMatchObject({ outcome: 'completed', collected: '1' });
    } finally {
      await connection.close();
    }
    expect((await contractOf(line)).versions.at(-1)).toMatchObject({ cause: 'Correction', by: 'bob' });
  });

  test('who rejects the rest by what holds it', async () => {
    const rest = ['--hold', 'same-version-recollection', '--type', 'SO'];
    const rejected = await terminal.json<Decided>(['hold', 'reject', ...rest, ...BECAUSE]);
    expect(rejected).toMatchObject({ as: 'rejected', decided: '1', lines: [stoppedForm(collected[2])] });
    expect(await holds()).toEqual([]);
    expect(await terminal.json<Line[]>(['line', 'list', '--status', 'rejected'])).toMatchObject([
      { id: stoppedForm(collected[2]) },
    ]);
    const { stdout } = await terminal.run(['line', 'show', stoppedForm(collected[2])]);
    expect(stdout).toContain('Rejected by ann');
  });
});
