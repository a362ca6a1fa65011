import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { LoopView } from '../../src/domain/instant-on/loop-view.ts';
import type { LoopReport } from '../../src/cli/instant-on/loops.ts';
import type { StartedLoop } from '../../workers/start-loop.ts';
import {
  openTerminal,
  type Staying,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';

/** Events of the loop itself from one pause to the next. */
const CHEAP = 15;

/** A loop over real runs of the sandbox, with the commands that people give. */
describe('Instant On', () => {
  let terminal: Terminal;
  let up: Staying<UpDocument>;
  let connection: Connection;
  let client: Client;

  const tell = (...args: string[]) => terminal.json<LoopReport>(['instant-on', ...args]);
  const loop = () => client.workflow.getHandle('instant-on/demo');
  const state = () => loop().query<LoopView>('state');
  const attributes = async () => (await loop().describe()).searchAttributes;

  beforeAll(async () => {
    terminal = await openTerminal();
    up = await terminal.start<UpDocument>(['up']);
    connection = await Connection.connect({ address: up.document.temporal });
    client = new Client({ connection });
  });
  afterAll(async () => {
    await connection.close();
    await terminal.close();
  });

  test('a loop that was started waits for the profile, and lists show since when', async () => {
    const started = await tell('start');
    expect(started).toMatchObject({ workflowId: 'instant-on/demo', entity: 'demo', outcome: 'started' });
    await until('it waits', async () => (await state()).awaiting !== null);
    expect((await state()).awaiting?.remedy).toContain('revsync profile set AUTO_REVENUESYNC Yes');
    expect(await attributes()).toMatchObject({
      AwaitingAction: [true],
      AwaitingSince: [expect.any(Date)],
      RevsyncStep: ['waiting'],
    });
  });

  test('a second one is refused', async () => {
    const second = await terminal.run(['instant-on', 'start', '--json']);
    expect(second.code).toBe(1);
    expect(second.json<StartedLoop>()).toMatchObject({
      outcome: 'refused',
      message: 'instant-on/demo is running already.',
    });
  });

  test('runs once the profile is set, and again after the interval', async () => {
    await terminal.run(['profile', 'set', 'AUTO_REVENUESYNC', 'Yes']);
    await tell('set-interval', '--seconds', '1');
    await tell('resume');
    await until('three runs completed', async () => (await state()).counts.runs >= 3);
    expect(await state()).toMatchObject({ awaiting: null, counts: { failed: 0 }, interval: { seconds: 1 } });
    const now = await attributes();
    expect(now).toMatchObject({ AwaitingAction: [false], RevsyncTenant: ['demo'], RevsyncEntity: ['demo'] });
    await until('lists show it no more', async () => {
      const query = `WorkflowId = 'instant-on/demo' and AwaitingAction = false and AwaitingSince is null`;
      return (await client.workflow.count(query)).count === 1;
    });
    const runs = await terminal.json<{ workflowId: string; state: string }[]>(['run', 'list']);
    expect(runs.length).toBeGreaterThanOrEqual(2); // those of which nothing came are one row
    expect(new Set(runs.map(({ workflowId }) => workflowId))).toEqual(new Set(['revenue-sync/demo']));
  });

  test('a pause and one run in it', async () => {
    const paused = await tell('pause', '--by', 'ann', '--reason', 'month-end');
    expect(paused.state?.paused).toMatchObject({ by: 'ann', reason: 'month-end' });
    await until('it is paused', async () => (await state()).status === 'paused');
    const before = (await state()).counts.runs;
    await tell('run-now');
    await until('one more', async () => {
      const now = await state();
      return now.status === 'paused' && now.counts.runs === before + 1;
    });
    const said = await terminal.run(['instant-on', 'status']);
    expect(said.stdout).toMatch(/Instant On of demo: Paused by ann since .+: month-end\./);
  });

  test('a run that finds nothing to do costs the loop few events', async () => {
    await tell('resume');
    const before = (await state()).counts.runs;
    await until('four more', async () => (await state()).counts.runs >= before + 4);
    const { events } = await loop().fetchHistory();
    const pauses = (events ?? []).flatMap(({ timerStartedEventAttributes }, at) =>
      timerStartedEventAttributes == null ? [] : [at],
    );
    const costs = pauses.slice(1).map((pause, at) => pause - (pauses[at] ?? 0));
    expect(costs.at(-1)).toBeLessThanOrEqual(CHEAP);
  });

  test('a message that does not fit is refused with the JSON that would', async () => {
    const flag = await terminal.run(['instant-on', 'set-interval', '--seconds', '0', '--json']);
    expect([flag.code, flag.json<{ error: { code: string } }>().error.code]).toEqual([2, 'USAGE']);
    const update = loop().executeUpdate('setInterval', { args: [{ seconds: 0 }] });
    await expect(update).rejects.toMatchObject({
      cause: { message: expect.stringContaining('setInterval takes {"seconds": 300') },
    });
    await loop().signal('setInterval', 'soon');
    await until('it is noted', async () => (await state()).refused.length === 1);
  });

  test('ends when somebody ends it, and then there is none to tell', async () => {
    const ended = await tell('abort', '--reason', 'go-live is put off');
    expect(ended.state?.status).toBe('aborted');
    expect(await loop().result()).toMatchObject({ outcome: 'aborted', reason: 'go-live is put off' });
    const late = await terminal.run(['instant-on', 'pause', '--json']);
    expect(late.code).toBe(2);
    expect(late.json<{ error: object }>().error).toMatchObject({ code: 'LOOP_NOT_RUNNING' });
  });

  test('goes on with a new history where it was, as lists show it', async () => {
    await client.workflow.start('instantOn', {
      workflowId: 'instant-on/demo',
      taskQueue: 'revsync',
      args: [{ maxHistory: 20 }],
    });
    const { runId } = await loop().describe();
    await loop().executeUpdate('setInterval', { args: [{ seconds: 1, by: 'ann' }] });
    await until('its histories ended', async () => (await state()).counts.runs >= 4);
    const later = await loop().describe();
    expect(later.runId).not.toBe(runId);
    expect(later.searchAttributes).toMatchObject({ RevsyncEntity: ['demo'], RevsyncStep: ['running'] });
    expect((await state()).interval).toEqual({ seconds: 1, from: 'setInterval by ann' });
    await tell('abort', '--reason', 'the end');
  });
});
