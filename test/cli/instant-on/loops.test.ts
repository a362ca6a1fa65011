import type { Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { loopText, startedText } from '../../../src/cli/instant-on/loop-text.ts';
import { loopReport, tellLoop } from '../../../src/cli/instant-on/loops.ts';
import { LoopState } from '../../../src/domain/instant-on/loop-state.ts';
import { loopView } from '../../../src/domain/instant-on/loop-view.ts';
import { startLoop } from '../../../workers/start-loop.ts';

const VIEW = loopView({
  entity: 'emea',
  state: { ...LoopState.parse({}), refused: ['pause takes {}'] },
  settings: { on: false, off: 'The profile is No.', from: null, seconds: 30, secondsFrom: 'default' },
  move: { kind: 'off', due: null, wake: 0 },
  aborted: null,
});

const failing = (name: string, cause?: Error) => async () => {
  throw Object.assign(new Error('no'), { name, cause });
};

/** A client whose one workflow answers as a test says. */
function clientWith(
  handle: object,
  start: () => Promise<unknown> = async () => ({ firstExecutionRunId: 'r1' }),
) {
  return {
    workflow: { getHandle: () => handle, start },
    withDeadline: (_deadline: number, work: () => unknown) => work(),
  } as unknown as Client;
}

const RUNNING = {
  describe: async () => ({ runId: 'r1', status: { name: 'RUNNING' } }),
  query: async () => VIEW,
};

describe('loops, as commands see them', () => {
  test('one that was never started is absent', async () => {
    const report = await loopReport(clientWith({ describe: failing('WorkflowNotFoundError') }), 'emea');
    expect(report).toMatchObject({ workflowId: 'instant-on/emea', workflow: 'absent', state: null });
    expect(loopText(report)).toEqual(['Instant On of emea: absent. It was never started.']);
  });

  test('one that runs says what it does and what it waits for', async () => {
    const report = await loopReport(clientWith(RUNNING), 'emea');
    expect(report).toMatchObject({ runId: 'r1', workflow: 'running', state: { status: 'waiting' } });
    const text = loopText(report).join('\n');
    expect(text).toContain('Waiting for you: The profile is No. Turn it on with');
    expect(text).toContain('interval: 30 seconds, from default');
    expect(text).toContain('refused: pause takes {}');
  });

  test('one without a worker is told apart from one that does not run', async () => {
    const silent = clientWith({ ...RUNNING, query: failing('ServiceError') });
    expect(await loopReport(silent, 'emea')).toMatchObject({
      workflow: 'running',
      state: null,
      message: expect.stringContaining('No worker answers'),
    });
  });

  test('a start is told, and what stands in its way', async () => {
    const target = { entity: 'emea', tenant: 'demo', taskQueue: 'revsync' };
    const started = await startLoop(clientWith({}), target);
    expect(started).toMatchObject({ outcome: 'started', runId: 'r1' });
    expect(startedText(started)).toBe('Instant On of emea: started as instant-on/emea.');
    await expect(startLoop(clientWith({}, failing('ServiceError')), target)).rejects.toThrow('no');
  });

  test.each([
    ['WorkflowNotFoundError', 'LOOP_NOT_RUNNING', 'fix-input'],
    ['WorkflowUpdateFailedError', 'MESSAGE_REFUSED', 'fix-input'],
    ['WorkflowUpdateRPCTimeoutOrCancelledError', 'WORKER_SILENT', 'retry'],
  ])('a message that ends with %s is %s', async (name, code, fate) => {
    const executeUpdate = failing(name, new Error('pause takes {}'));
    await expect(tellLoop(clientWith({ executeUpdate }), 'emea', 'pause', {})).rejects.toMatchObject({
      code,
      fate,
    });
  });
});
