import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { StepNumber } from '../../src/domain/enablement/step.ts';
import type { EnablementView } from '../../src/domain/enablement/view.ts';
import type { LoopView } from '../../src/domain/instant-on/loop-view.ts';
import { connectAsWorker } from '../../src/cli/database.ts';
import type { Db } from '../../src/store/database.ts';
import { digest } from '../../src/store/digest.ts';
import { openChromium } from '../support/chromium.ts';
import {
  openTerminal,
  type Staying,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { tableSizes } from '../support/table-sizes.ts';
import { openTemporalUi, type TemporalUi } from '../support/temporal-ui.ts';

const ID = 'enablement/demo';
const json = (step: StepNumber, value: object): string => JSON.stringify({ step, value, by: 'ann' });

/** An operator at the real Temporal UI: from its start form to a tenant that syncs and collects by itself. */
describe('an enablement in the browser', () => {
  let terminal: Terminal;
  let up: Staying<UpDocument>;
  let connection: Connection;
  let client: Client;
  let folder: string;
  let browser: BrowserContext;
  let ui: TemporalUi;
  let db: Db;

  beforeAll(async () => {
    terminal = await openTerminal();
    up = await terminal.start<UpDocument>(['up']);
    connection = await Connection.connect({ address: up.document.temporal });
    client = new Client({ connection });
    ({ db } = connectAsWorker(up.document.database));
    folder = await mkdtemp(join(tmpdir(), 'revsync-browser-'));
    browser = await openChromium(folder, { viewport: { width: 1400, height: 1150 } });
    ui = openTemporalUi(await browser.newPage(), up.document.ui);
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
    await db.destroy();
    await connection.close();
    await up.stop();
    await terminal.close();
  });

  const state = () => client.workflow.getHandle(ID).query<EnablementView>('state');
  const waits = (step: StepNumber) =>
    until(`step ${step} waits`, async () => (await state()).awaiting?.step === step);
  const answer = (step: StepNumber, value: object) =>
    ui.update(ID, { name: 'answer', data: json(step, value) });

  test('is started by the form, with {}', async () => {
    await ui.start({ type: 'enablement', workflowId: ID, data: '{}' });
    await until('it is there', async () => (await client.workflow.count(`WorkflowId = '${ID}'`)).count === 1);
    await waits(1);
  });

  test('says at once what is awaited, with the JSON to send', async () => {
    const details = await ui.details(ID);
    expect(details).toContain('Waiting for you at step 1 of 11, Submit a ticket to Zuora Support.');
    expect(details).toContain('"revenueVersion": "37.007.00.00"');
    await ui.picture('step-01-details');
    expect(await ui.offered(ID)).toContain('Data: {"step":1,"value":{"contact":"ann@example.com"');
    await ui.picture('update-dialog');
  });

  test('is found by the view of what waits for a person', async () => {
    await until('lists know', async () => (await client.workflow.count('AwaitingAction = true')).count === 1);
    expect(await ui.list(`AwaitingAction = true AND ExecutionStatus = 'Running'`)).toContain(ID);
    await ui.picture('waiting-list');
  });

  test('refuses what is empty or wrong in the dialog, with the JSON that would do', async () => {
    expect(await ui.update(ID, { name: 'answer' })).toContain('answer takes {"step":1,"value":{"contact"');
    const wrong = await answer(1, { contact: 'ann@example.com', revenueVersion: '37' });
    expect(wrong).toContain('is no version of Zuora Revenue, such as 37.007.00.00');
    expect(wrong).toContain('Send {"step":1,"value":{"contact":"ann@example.com"');
    await ui.picture('wrong-answer-refused');
    expect((await state()).awaiting?.step).toBe(1);
  });

  test('goes on by an update', async () => {
    expect(
      await answer(1, { contact: 'ann@example.com', revenueVersion: '37.007.00.00', resolved: true }),
    ).toBeNull();
    await waits(5);
  });

  test('refuses what the tenant has not, after a look', async () => {
    const mapping = [{ from: 'RatePlanCharge.Regoin__c', to: 'ATR1' }];
    const refusal = await answer(5, { approve: true, mapping });
    expect(refusal).toContain('RatePlanCharge.Region__c');
    await ui.picture('wrong-field-refused');
    expect(await answer(5, { approve: true })).toBeNull();
    await waits(6);
  });

  test('goes on by a signal, and shows one that is wrong', async () => {
    await ui.details(ID);
    await ui.picture('step-06-details');
    await ui.signal(ID, { name: 'answer', data: '{"step": 6, "value": {}}' });
    await until('it is refused', async () => (await state()).refused.length === 1);
    expect(await ui.details(ID)).toContain('refused: the value does not fit step 6');
    await ui.picture('wrong-signal-shown');
    await ui.signal(ID, { name: 'answer', data: json(6, { approve: true }) });
    await waits(7);
  });

  test('skips a step with a reason, and keeps an answer that comes early', async () => {
    await ui.signal(ID, { name: 'answer', data: json(11, { mode: 'auto-collect' }) });
    await until('it is kept', async () => (await state()).kept.includes(11));
    const skip = JSON.stringify({ step: 7, reason: 'Next quarter.', by: 'ann' });
    expect(await ui.update(ID, { name: 'skip', data: skip })).toBeNull();
    await waits(10);
  });

  test('reaches the end', async () => {
    expect(await answer(10, { mode: 'instant-on', intervalSeconds: 2 })).toBeNull();
    await until('it is completed', async () => (await state()).status === 'completed', 120_000);
    const { steps } = await state();
    expect(steps.map(({ step, status }) => [step, status])).toEqual([
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
    const details = await ui.details(ID);
    expect(details).toContain('Enablement of demo: completed');
    await ui.picture('completed');
  });

  const loop = () => client.workflow.getHandle('instant-on/demo').query<LoopView>('state');
  const runs = async (): Promise<number> => (await loop()).counts.runs;

  /** The state between two runs. */
  const atRest = () =>
    until('the loop rests', async () => {
      const { status, counts } = await loop();
      if (status !== 'resting') return null;
      const seen = { runs: counts.runs, digest: await digest(db), sizes: await tableSizes(db) };
      const now = await loop();
      return now.status === 'resting' && now.counts.runs === seen.runs ? seen : null;
    });

  test('then syncs and collects by itself; ten loops with nothing to do change nothing', async () => {
    // The first of them may still bring what Billing changed meanwhile, and makes the row that stands for all idle ones.
    await until('the loop ran', async () => (await runs()) >= 2);
    const before = await atRest();
    expect(Number(before.sizes['revenue.contract'])).toBeGreaterThan(100);
    await until('ten more loops ran', async () => (await runs()) >= before.runs + 10, 150_000);
    const after = await atRest();
    expect((await loop()).counts).toMatchObject({ failed: 0 });
    expect(after.digest).toEqual(before.digest);
    expect(after.sizes).toEqual(before.sizes);
  });
});
