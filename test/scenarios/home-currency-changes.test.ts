import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { SettingsReport } from '../../src/domain/settings/settings-result.ts';
import type { Finding } from '../../src/store/list-findings.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';

const [PARENT, NORTH, SOUTH] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];

/** A tenant whose files say what its home currencies are. */
async function writeTenant(folder: string, north: string): Promise<void> {
  await mkdir(join(folder, 'settings'), { recursive: true });
  const entity = (id: string, name: string, parent: string, home: string): string =>
    `${id},${name},${name},${parent},UTC,${home}`;
  const files: Readonly<Record<string, string>> = {
    'Entity.csv': [
      'Id,Name,DisplayName,ParentId,Timezone,HomeCurrency',
      entity(PARENT, 'Group', '', 'USD'),
      entity(NORTH, 'North', PARENT, north),
      entity(SOUTH, 'South', PARENT, ''),
    ].join('\n'),
    'Account.csv': [
      'Id,Name,AccountNumber,Currency,EntityId',
      `a1,Ann,A1,EUR,${NORTH}`,
      `b1,Bob,B1,USD,${SOUTH}`,
    ].join('\n'),
    'settings/billing-rules.json': JSON.stringify({ oneTimeCreditBack: false, daysInMonth: 'UseActualDays' }),
    'settings/fx-currencies.json': JSON.stringify({ exportEnabled: true }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), `${text}\n`);
}

describe('a home currency that changes in Billing', () => {
  let folder: string;
  let terminal: Terminal;
  let sandbox: Staying<SandboxDocument>;
  let up: Staying<UpDocument>;
  let port: string;

  const serve = (at: string) => terminal.start<SandboxDocument>(['sandbox', '--data', folder, '--port', at]);
  /** Billing with another tenant's files, at the same place. */
  const change = async (north: string): Promise<void> => {
    await sandbox.stop();
    await writeTenant(folder, north);
    sandbox = await serve(port);
  };
  const found = () =>
    terminal.json<Finding[]>(['finding', 'list', '--finding', 'home-currency-changed', '--open']);
  const home = ({ rules }: SettingsReport) =>
    rules
      .filter(({ rule }) => rule === 'home-currency')
      .map(({ entity, value, fits }) => [entity, value, fits]);

  beforeAll(async () => {
    [folder, terminal] = await Promise.all([mkdtemp(join(tmpdir(), 'revsync-tenant-')), openTerminal()]);
    await writeTenant(folder, 'EUR');
    sandbox = await serve('0');
    ({ port } = new URL(sandbox.document.url));
    up = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: sandbox.document.url } });
  });
  afterAll(async () => {
    await terminal.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is taken as Billing tells it first, the parent’s where an entity has none', async () => {
    const settings = await terminal.json<SettingsReport>(['settings', 'run']);
    expect(settings.outcome).toBe('completed');
    expect(home(settings)).toEqual([
      ['Group', 'USD', true],
      ['North', 'EUR', true],
      ['South', 'USD', true],
    ]);
    const credit = settings.rules.filter(({ rule }) => rule === 'one-time-credit-back');
    expect(credit.map(({ value, fits }) => [value, fits])).toEqual(credit.map(() => ['false', false]));
    const again = await terminal.json<SettingsReport>(['settings', 'run']);
    expect([again.outcome, again.changes]).toEqual(['nothing-to-do', []]);
    const { runs } = await terminal.json<{ runs: SyncReport[] }>(['sync', 'run']);
    expect(runs.map(({ entity, outcome }) => [entity, outcome])).toEqual([
      ['Group', 'nothing-to-do'],
      ['North', 'completed'],
      ['South', 'completed'],
    ]);
  });

  test('stops the sync of its entity, which waits; other entities go on', async () => {
    await change('SEK');
    const { runs } = await terminal.json<{ runs: SyncReport[] }>(['sync', 'run'], { code: 1 });
    const why = /SEK as the home currency of North, which is EUR here.*back to EUR/;
    expect(runs.map(({ entity, outcome, message }) => [entity, outcome, message])).toEqual([
      ['Group', 'nothing-to-do', null],
      ['North', 'waiting', expect.stringMatching(why)],
      ['South', 'nothing-to-do', null],
    ]);
    expect(await found()).toMatchObject([{ entity: 'North', org: 'North', object: 'Entity', source: NORTH }]);
  });

  test('is a setting that does not fit', async () => {
    const settings = await terminal.json<SettingsReport>(['settings', 'run']);
    expect(home(settings)[1]).toEqual(['North', 'SEK', false]);
  });

  test('goes on after a retry, once it is changed back', async () => {
    await change('EUR');
    expect(await retried(up.document.temporal)).toMatchObject({ entity: 'North', outcome: 'nothing-to-do' });
    expect(await found()).toEqual([]);
    const settings = await terminal.json<SettingsReport>(['settings', 'run']);
    expect(home(settings)[1]).toEqual(['North', 'EUR', true]);
  });
});

/** What an operator does in the Temporal UI. */
async function retried(address: string): Promise<unknown> {
  const connection = await Connection.connect({ address });
  try {
    const handle = new Client({ connection }).workflow.getHandle('revenue-sync/North');
    await handle.executeUpdate('retry', { args: [{ by: 'ann' }] });
    return await handle.result();
  } finally {
    await connection.close();
  }
}
