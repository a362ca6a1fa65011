import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Loop, loopBundle, whileLooping } from '../support/instant-on.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import { startTimeSkipping } from '../support/temporal.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

const broken = (fate: 'retry' | 'fix-input' = 'fix-input', code = 'BILLING_CREDENTIALS_REFUSED') =>
  new RevsyncError('Billing refused the credentials.', { code, fate, remedy: 'Give others.' });
const fail = (): never => {
  throw broken();
};
const READ = {
  tenant: 'demo',
  entity: 'demo',
  on: true,
  off: null,
  from: null,
  seconds: 30,
  secondsFrom: 'default',
} as const;
const minutesBetween = (instants: readonly number[]): number[] =>
  instants.slice(1).map((instant, at) => Math.round((instant - (instants[at] ?? 0)) / MINUTE));

describe('instantOn', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  beforeAll(async () => {
    [env, bundled] = await Promise.all([startTimeSkipping(), loopBundle()]);
  });
  afterAll(() => env.teardown());

  type Options = Parameters<typeof whileLooping>[2];
  const looping = (options: Options, during: (loop: Loop) => Promise<void>) =>
    whileLooping(env, bundled, options, during);

  test('runs every six hours over a month, each run six hours after the one before completed', async () => {
    const took = 600;
    const { runs } = await looping(
      { settings: { seconds: 21_600 }, run: () => ({ outcome: 'completed', seconds: took }) },
      async ({ stage }) => {
        await env.sleep('30 days');
        const gaps = stage.began.slice(1).map((began, at) => began - (stage.began[at] ?? 0));
        expect(stage.began.length).toBe(Math.floor((30 * 24 * HOUR) / (6 * HOUR + took * 1_000)) + 1);
        for (const gap of gaps) expect(Math.abs(gap - 6 * HOUR - took * 1_000)).toBeLessThan(5_000);
      },
    );
    expect(runs).toBeGreaterThan(100);
  });

  const attributes = async (loop: Loop) => (await loop.handle().describe()).searchAttributes;
  const syncOf = ({ workflowId }: Loop) =>
    env.client.workflow.getHandle(workflowId.replace('instant-on', 'revenue-sync'));
  const resting = (loop: Loop) => loop.until('the loop rests', ({ status }) => status === 'resting');

  test('starts with no input at all, for the only entity', async () => {
    const { entity, outcome } = await looping({ input: { entity: undefined } }, async (loop) => {
      expect(await resting(loop)).toMatchObject({
        entity: 'demo',
        counts: { runs: 1, nothingToDo: 1, failed: 0 },
        interval: { seconds: 30, from: 'default' },
        awaiting: null,
      });
      expect(await attributes(loop)).toMatchObject({
        RevsyncTenant: ['demo'],
        RevsyncEntity: ['demo'],
        RevsyncStep: ['running'],
      });
    });
    expect([entity, outcome]).toEqual(['demo', 'aborted']);
  });

  test('writes at most fifteen events for a run that finds nothing to do', async () => {
    await looping({ settings: { seconds: 60 } }, async (loop) => {
      await env.sleep('10 minutes');
      await resting(loop);
      const { events } = await loop.handle().fetchHistory();
      const pauses = (events ?? []).flatMap(({ timerStartedEventAttributes }, at) =>
        timerStartedEventAttributes == null ? [] : [at],
      );
      const costs = pauses.slice(1).map((pause, at) => pause - (pauses[at] ?? 0));
      expect(costs.length).toBeGreaterThan(5);
      expect(Math.max(...costs)).toBeLessThanOrEqual(15);
    });
  });

  describe('its messages', () => {
    const NAMES = ['pause', 'resume', 'setInterval', 'runNow', 'retry', 'abort'] as const;
    const long: Options = { settings: { seconds: 86_400 } };

    test('pause and resume work as update and as signal, empty and twice', async () => {
      await looping({ settings: { seconds: 3_600 } }, async (loop) => {
        await resting(loop);
        const paused = await loop.update('pause', { by: 'ann', reason: 'month-end' });
        expect(paused).toMatchObject({ status: 'paused', paused: { by: 'ann', reason: 'month-end' } });
        expect(await loop.update('pause', { by: 'bob' })).toMatchObject({ paused: { by: 'ann' } });
        expect(await attributes(loop)).toMatchObject({ RevsyncStep: ['paused'] });
        await env.sleep('1 day');
        expect(loop.stage.began.length).toBe(1);

        expect(await loop.update('resume')).toMatchObject({ paused: null });
        expect(await loop.update('resume', {})).toMatchObject({ paused: null });
        await loop.until('it ran again', ({ counts }) => counts.runs === 2);
        await loop.signal('pause');
        await loop.until('it is paused', ({ status }) => status === 'paused');
        await loop.signal('resume');
        await resting(loop);
      });
    });

    test('setInterval counts from the end of the last run, until it is taken back', async () => {
      await looping(long, async (loop) => {
        const { lastRun } = await resting(loop);
        const set = await loop.update('setInterval', { seconds: 600, by: 'ann' });
        expect(set.interval).toEqual({ seconds: 600, from: 'setInterval by ann' });
        expect(set).toMatchObject({ now: 'Reads its settings.', next: null });
        expect((await resting(loop)).next).toBe(
          new Date(Date.parse(lastRun?.endedAt ?? '') + 600_000).toISOString(),
        );
        await env.sleep('65 minutes');
        expect(minutesBetween(loop.stage.began)).toEqual([10, 10, 10, 10, 10, 10]);
        await loop.signal('setInterval');
        await loop.until('the lookup counts', ({ interval }) => interval?.seconds === 86_400);
      });
    });

    test('runNow runs once: while it rests, while it is paused, before the first date', async () => {
      const from = new Date((await env.currentTimeMs()) + 30 * 24 * HOUR).toISOString();
      await looping({ settings: { from } }, async (loop) => {
        await loop.until('it waits for the date', ({ status }) => status === 'before-start');
        await loop.update('runNow', { by: 'ann' });
        await loop.until('it ran', ({ counts, status }) => counts.runs === 1 && status === 'before-start');
        await loop.update('pause');
        await loop.signal('runNow');
        await loop.until('it ran', ({ counts, status }) => counts.runs === 2 && status === 'paused');
        expect(loop.stage.began.length).toBe(2);
      });
    });

    test('runNow during a run is the run after it, and pause keeps what comes then', async () => {
      await looping({ ...long, run: () => ({ outcome: 'completed', held: true }) }, async (loop) => {
        await loop.until('a run is under way', () => loop.stage.began.length === 1);
        expect((await loop.update('runNow')).now).toContain('another one follows at once');
        await syncOf(loop).signal('goOn');
        await loop.until('the next one is under way', () => loop.stage.began.length === 2);
        expect((await loop.update('pause')).now).toContain('paused after it');
        await syncOf(loop).signal('goOn');
        await loop.until('it is paused', ({ status, counts }) => status === 'paused' && counts.runs === 2);
      });
    });

    test.each(NAMES)('%s with data that does not fit is refused with the JSON that would', async (name) => {
      await looping(long, async (loop) => {
        const before = await resting(loop);
        const wrong = [null, 'now', 7, [], { by: 7 }, { entity: 'x' }].filter(
          (data) => !(data === null && name !== 'abort' && name !== 'retry'),
        );
        for (const data of wrong) {
          await expect(loop.update(name, data)).rejects.toMatchObject({
            cause: {
              message: expect.stringMatching(name === 'retry' ? /retry/ : new RegExp(`${name} takes`)),
            },
          });
          await loop.signal(name, data);
        }
        const after = await loop.until('all are noted', ({ refused }) => refused.length === wrong.length);
        expect({ ...after, refused: [] }).toEqual(before);
        expect(await loop.details()).toContain('- refused: ');
      });
    });

    test('seconds outside of what the lookup may have are refused', async () => {
      await looping(long, async (loop) => {
        await resting(loop);
        for (const seconds of [0, -1, 1_000_000, 1.5, '30']) {
          await expect(loop.update('setInterval', { seconds })).rejects.toThrow();
        }
        expect((await loop.state()).interval?.seconds).toBe(86_400);
      });
    });

    test('what was copied from the page of another loop does not make it start in its middle', async () => {
      const onward = {
        tenant: 'x',
        entity: 'x',
        state: { runs: 700, paused: { since: new Date(0), by: null, reason: null } },
      };
      await looping({ input: { onward } }, async (loop) => {
        expect((await resting(loop)).counts.runs).toBe(1);
      });
    });
  });

  describe('before there is anything to run', () => {
    test('waits visibly while Instant On is off; setting the profile is enough', async () => {
      const off = { on: false, off: 'The profile AUTO_REVENUESYNC is No, so Instant On is off.' };
      await looping({ settings: off }, async (loop) => {
        const { awaiting } = await loop.until('it waits', ({ status }) => status === 'waiting');
        expect(awaiting).toMatchObject({
          message: off.off,
          remedy: expect.stringContaining('revsync profile set AUTO_REVENUESYNC Yes'),
          example: { update: 'resume', data: {} },
        });
        const since = (await attributes(loop))['AwaitingSince'];
        expect(await loop.update('runNow')).toMatchObject({ now: 'Reads its settings.', runNow: true });
        const { refused } = await loop.until('nothing runs', ({ runNow }) => !runNow);
        expect(refused).toEqual([`The run that was asked for did not begin. ${off.off}`]);
        expect(await loop.details()).toContain('- refused: The run that was asked for did not begin');
        await env.sleep('3 hours');
        expect(loop.stage.began).toEqual([]);
        expect((await attributes(loop))['AwaitingSince']).toEqual(since);

        loop.stage.settings = {};
        await env.sleep('11 minutes');
        await loop.until('it runs', ({ counts }) => counts.runs > 0);
        loop.stage.settings = off;
        await env.sleep('5 minutes');
        await loop.until('it waits again', ({ status }) => status === 'waiting');
        loop.stage.settings = {};
        const { counts } = await loop.state();
        expect(await loop.update('resume')).toMatchObject({
          status: 'running',
          now: 'Reads its settings.',
          awaiting: null,
        });
        await loop.until('it runs at once', (view) => view.counts.runs === counts.runs + 1);
        expect(await attributes(loop)).toMatchObject({ AwaitingAction: [false] });
      });
    });

    test('waits for the first date, and learns within a day that it was changed', async () => {
      const now = await env.currentTimeMs();
      const from = now + 60 * 24 * HOUR;
      await looping({ settings: { from: new Date(from).toISOString() } }, async (loop) => {
        const { next } = await loop.until('it waits for the date', ({ status }) => status === 'before-start');
        expect(next).toBe(new Date(from).toISOString());
        await env.sleep('10 days');
        expect(loop.stage.began).toEqual([]);
        loop.stage.settings = { from: new Date(now + 20 * 24 * HOUR).toISOString(), seconds: 86_400 };
        await env.sleep('10 days');
        await resting(loop);
        expect(loop.stage.began.length).toBe(1);
        expect(Math.abs((loop.stage.began[0] ?? 0) - now - 20 * 24 * HOUR)).toBeLessThan(MINUTE);
      });
    });

    test('learns within the hour that the lookup wants shorter pauses', async () => {
      await looping({ settings: { seconds: 500_000 } }, async (loop) => {
        await resting(loop);
        loop.stage.settings = { seconds: 7_200 };
        await env.sleep('3 hours');
        expect(minutesBetween(loop.stage.began)).toEqual([120]);
      });
    });

    test('fails at once for an entity that nobody knows, and for input that is none', async () => {
      const readInstantOn = async () => {
        throw broken('fix-input', 'ENTITY_UNKNOWN');
      };
      const over = (loop: Loop) =>
        loop
          .handle()
          .result()
          .catch(() => undefined) as Promise<void>;
      const failed = looping({ activities: { readInstantOn } }, over);
      await expect(failed).rejects.toMatchObject({ cause: { cause: { type: 'ENTITY_UNKNOWN' } } });
      const nonsense = looping({ input: { entty: 'demo' } }, over);
      await expect(nonsense).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT' } });
    });
  });

  describe('beside others', () => {
    test('waits for a run that somebody else started, then goes on', async () => {
      const holdFirst = (number: number) => ({ outcome: 'completed', held: number === 1 }) as const;
      await looping({ settings: { from: '2999-01-01T00:00:00.000Z' }, run: holdFirst }, async (loop) => {
        await loop.until('it waits for the date', ({ status }) => status === 'before-start');
        const { entity } = await loop.state();
        const { taskQueue } = await loop.handle().describe();
        await env.client.workflow.start('revenueSync', {
          taskQueue,
          workflowId: syncOf(loop).workflowId,
          args: [{ entity }],
        });
        await loop.until('the other one runs', () => loop.stage.began.length === 1);
        loop.stage.settings = {};
        await loop.update('resume');
        expect((await loop.until('it is in its way', ({ status }) => status === 'busy')).now).toMatch(
          /Another run of .+ is under way; looks again at/,
        );
        expect(await loop.details()).toContain(`/namespaces/{namespace}/workflows/revenue-sync%2F`);
        await env.sleep('10 minutes');
        expect(loop.stage.began.length).toBe(1);
        await syncOf(loop).signal('goOn');
        await env.sleep('61 seconds');
        await loop.until('its own run came', ({ counts }) => counts.runs >= 1);
      });
    });

    test('abort gives the run under way up, and ends the loop', async () => {
      const ended = await looping({ run: () => ({ outcome: 'completed', held: true }) }, async (loop) => {
        await loop.until('a run is under way', () => loop.stage.began.length === 1);
        await loop.update('abort', { reason: 'go-live is put off', by: 'ann' });
        await loop.handle().result();
        expect((await syncOf(loop).describe()).status.name).toBe('CANCELLED');
        expect(await attributes(loop)).toMatchObject({ Outcome: ['aborted'] });
      });
      expect(ended).toMatchObject({ outcome: 'aborted', reason: 'go-live is put off', runs: 0 });
    });

    test('cancelled, it cancels its run and ends as cancelled', async () => {
      const cancelled = looping({ run: () => ({ outcome: 'completed', held: true }) }, async (loop) => {
        await loop.until('a run is under way', () => loop.stage.began.length === 1);
        await loop.handle().cancel();
        await loop
          .handle()
          .result()
          .catch(() => undefined);
        expect((await loop.handle().describe()).status.name).toBe('CANCELLED');
        expect((await syncOf(loop).describe()).status.name).toBe('CANCELLED');
      });
      await expect(cancelled).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
  });

  describe('after a run that failed', () => {
    test('tries again with pauses that double, waits for a person after six, and goes on with retry', async () => {
      await looping({ run: (number) => (number <= 7 ? fail() : { outcome: 'completed' }) }, async (loop) => {
        const { stage } = loop;
        await env.sleep('3 days');
        const { status, awaiting, counts } = await loop.state();
        expect(minutesBetween(stage.began)).toEqual([1, 2, 4, 8, 16]);
        expect({ status, counts }).toMatchObject({
          status: 'waiting',
          counts: { failed: 6, failuresInARow: 6 },
        });
        expect(awaiting).toMatchObject({
          message: expect.stringContaining('Billing refused the credentials.'),
          remedy: 'Give others.',
          example: { update: 'retry', data: {} },
        });
        expect(await attributes(loop)).toMatchObject({ AwaitingAction: [true], RevsyncStep: ['waiting'] });
        expect((await attributes(loop))['AwaitingSince']).toHaveLength(1);
        expect(await loop.details()).toMatch(/^\*\*Waiting for you\.\*\* 6 runs of e\d+ failed/);
        expect(stage.notes).toEqual([expect.stringMatching(/^revenue-sync\/e\d+ revsync: Instant On waits/)]);

        await loop.update('retry', {});
        await loop.until('it failed again', (view) => view.counts.failed === 7 && view.awaiting !== null);
        await loop.update('runNow');
        expect(await resting(loop)).toMatchObject({ awaiting: null, counts: { runs: 1, failuresInARow: 0 } });
        expect(await attributes(loop)).toMatchObject({ AwaitingAction: [false], RevsyncStep: ['running'] });
        expect(stage.notes).toEqual([expect.anything(), expect.stringContaining('runs again since')]);
      });
    });

    test('a pause says when the next try is, and ends with retry', async () => {
      await looping({ run: (number) => (number === 1 ? fail() : { outcome: 'completed' }) }, async (loop) => {
        const view = await loop.until('it backs off', ({ status }) => status === 'backing-off');
        expect(view.next).toBe(new Date(Date.parse(view.lastRun?.endedAt ?? '') + MINUTE).toISOString());
        expect(view.now).toContain(view.next);
        expect((await attributes(loop))['AwaitingAction'] ?? [false]).toEqual([false]);
        await loop.signal('retry');
        await resting(loop);
      });
    });

    test('a run that an operator aborted is one that failed', async () => {
      await looping({ run: () => ({ outcome: 'aborted' }) }, async (loop) => {
        const view = await loop.until('it backs off', ({ status }) => status === 'backing-off');
        expect(view.lastRun).toMatchObject({ outcome: 'aborted', message: 'The run was aborted.' });
      });
    });

    test('so is one that was cancelled, and the loop goes on', async () => {
      await looping({ run: (number) => ({ outcome: 'completed', held: number === 1 }) }, async (loop) => {
        await loop.until('a run is under way', () => loop.stage.began.length === 1);
        await syncOf(loop).cancel();
        const view = await loop.until('it backs off', ({ status }) => status === 'backing-off');
        expect(view.lastRun).toMatchObject({ outcome: 'cancelled', message: 'The run was cancelled.' });
        await env.sleep('90 seconds');
        await loop.until('the next one completed', ({ counts }) => counts.runs >= 1);
      });
    });

    test('settings that cannot be read are tried once for each run that is asked for', async () => {
      let readable = true;
      const readInstantOn = async () => (readable ? { ...READ } : fail());
      const input = { settings: { seconds: 3_600 }, activities: { readInstantOn } };
      await looping(input, async (loop) => {
        await resting(loop);
        readable = false;
        for (const [at, message] of (['runNow', 'retry'] as const).entries()) {
          await loop.update(message);
          await loop.until('it failed', ({ counts }) => counts.failed > at);
          await env.sleep('10 seconds');
          expect(await loop.state()).toMatchObject({
            status: 'backing-off',
            runNow: false,
            counts: { failuresInARow: at + 1 },
            lastRun: { message: 'Billing refused the credentials.' },
          });
        }
        readable = true;
        await loop.update('retry');
        await resting(loop);
      });
    });

    const failing = (noteSchedule: () => Promise<{ noted: boolean }>): Options => ({
      run: (number) => (number <= 6 ? fail() : { outcome: 'completed' }),
      activities: { noteSchedule },
    });
    const stuck = async (loop: Loop) => {
      await env.sleep('32 minutes');
      return loop.until('it waits', ({ status }) => status === 'waiting');
    };

    test('neither retry nor abort waits long for the note of the schedule', async () => {
      let tries = 0;
      const never = failing(async () => {
        tries += 1;
        throw broken('retry', 'TEMPORAL_UNREACHABLE');
      });
      await looping(never, async (loop) => {
        await stuck(loop);
        await loop.update('retry');
        await env.sleep('15 seconds');
        expect((await loop.state()).counts.runs).toBe(1);
      });
      await looping(never, async (loop) => {
        tries = 0;
        await env.sleep('1855 seconds'); // five seconds before the sixth failure
        await loop.until('the note is being written', () => tries > 0);
        await loop.update('abort', { reason: 'go-live is put off' });
        // Without a look at the result no time is skipped.
        const ended = async () => (await loop.handle().describe()).status.name;
        await expect.poll(ended, { timeout: 4_000 }).toBe('COMPLETED');
      });
    });

    test('a note that could not be written is tried again', async () => {
      const notes: number[] = [];
      const noteSchedule = async () => {
        notes.push(1);
        if (notes.length === 1) throw broken();
        return { noted: true };
      };
      await looping(failing(noteSchedule), async (loop) => {
        await stuck(loop);
        await loop.update('resume');
        await loop.until('it is noted', () => notes.length === 2);
        await loop.update('resume');
        await stuck(loop);
        expect(notes.length).toBe(2);
      });
    });

    test('a database that is away is waited for, however long', async () => {
      let tries = 0;
      const readInstantOn = async () => {
        tries += 1;
        if (tries > 1 && tries < 12) throw broken('retry', 'DATABASE_UNREACHABLE');
        return { ...READ };
      };
      await looping({ activities: { readInstantOn }, settings: { seconds: 900 } }, async (loop) => {
        await resting(loop);
        await env.sleep('3 hours');
        expect(await loop.state()).toMatchObject({ counts: { failed: 0 }, awaiting: null });
        expect(tries).toBeGreaterThan(12);
      });
    });
  });
});
