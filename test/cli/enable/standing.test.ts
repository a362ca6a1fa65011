import { type Client, WorkflowFailedError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { isRunning, send, untilItStands } from '../../../src/cli/enable/standing.ts';
import { AWAITING, viewOf } from '../../support/opened-enablement.ts';

interface Pretended {
  readonly status?: string;
  readonly children?: readonly string[];
  readonly awaits?: boolean;
  readonly state?: () => unknown;
  readonly result?: () => Promise<unknown>;
  readonly update?: () => Promise<unknown>;
}

/** Workflows by their ids; each look takes the next of several. */
function clientOf(workflows: Readonly<Record<string, readonly Pretended[]>>): Client {
  const looks = new Map<string, number>();
  const getHandle = (id: string) => {
    const stands = workflows[id];
    const current = (): Pretended => stands?.[Math.min(looks.get(id) ?? 0, stands.length) - 1] ?? {};
    return {
      async describe() {
        if (stands === undefined) throw Object.assign(new Error('none'), { name: 'WorkflowNotFoundError' });
        looks.set(id, Math.min((looks.get(id) ?? 0) + 1, stands.length));
        const { status = 'RUNNING', children = [], awaits = false } = current();
        return {
          status: { name: status },
          searchAttributes: { AwaitingAction: [awaits] },
          raw: { pendingChildren: children.map((workflowId) => ({ workflowId })) },
        };
      },
      query: async () => current().state?.(),
      result: async () => current().result?.(),
      executeUpdate: async () => current().update?.(),
    };
  };
  return { workflow: { getHandle } } as unknown as Client;
}

const runs = viewOf('running');
const waits = viewOf('waiting', {}, { awaiting: AWAITING });

describe('an enablement stands', () => {
  test('when it waits for a person, however long it takes', async () => {
    const client = clientOf({
      e: [
        {
          state: () => {
            throw new Error('no worker answers');
          },
        },
        { status: 'CONTINUED_AS_NEW' },
        { state: () => runs },
        { state: () => waits },
      ],
    });
    expect(await untilItStands(client, 'e')).toEqual({ stands: 'waiting', view: waits });
  });

  test('not while it looks at an answer that came early; but where a step failed before it came to that', async () => {
    const looksAt = { ...waits, kept: [AWAITING.step] };
    const client = clientOf({ e: [{ state: () => looksAt }, { state: () => waits }] });
    expect(await untilItStands(client, 'e')).toEqual({ stands: 'waiting', view: waits });
    const example = { update: 'retry', data: { step: AWAITING.step } } as const;
    const failed = { ...looksAt, awaiting: { ...AWAITING, example } };
    expect(await untilItStands(clientOf({ e: [{ state: () => failed }] }), 'e')).toMatchObject({
      view: failed,
    });
  });

  test('when it is over, well or not', async () => {
    expect(await untilItStands(clientOf({ e: [{ status: 'COMPLETED' }] }), 'e')).toEqual({
      stands: 'ended',
      failure: null,
    });
    const inner = new Error('demo is live.');
    const failure = new WorkflowFailedError(
      'failed',
      new Error('activity failed', { cause: inner }),
      'NON_RETRYABLE_FAILURE' as never,
    );
    const failing = clientOf({ e: [{ status: 'FAILED', result: () => Promise.reject(failure) }] });
    expect(await untilItStands(failing, 'e')).toEqual({ stands: 'ended', failure: 'demo is live.' });
  });

  test('when a workflow below it waits for a person, wherever that is', async () => {
    const awaiting = {
      step: 'extract',
      message: 'm',
      remedy: 'r',
      example: { update: 'retry', data: {} },
      skip: null,
    };
    const client = clientOf({
      e: [{ state: () => runs, children: ['a', 'b'] }],
      a: [{ status: 'COMPLETED', awaits: true }],
      b: [{ children: ['c'] }],
      c: [{ awaits: true, state: () => ({ awaiting }) }],
    });
    const below = { workflowId: 'c', awaiting };
    expect(await untilItStands(client, 'e')).toEqual({ stands: 'below', view: runs, below });
  });

  test('nowhere, when it was never started', async () => {
    const client = clientOf({ e: [{}], f: [{ status: 'COMPLETED' }] });
    expect(await Promise.all(['e', 'f', 'g'].map((id) => isRunning(client, id)))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('a message', () => {
  const failing = (name: string, cause?: Error) =>
    clientOf({
      e: [{ update: () => Promise.reject(Object.assign(new Error('no'), { name, cause })) }],
    });
  /** Pretended workflows answer for what was looked at last. */
  const sent = async (client: Client) => {
    await client.workflow.getHandle('e').describe();
    return send(client, 'e', 'answer', { step: 1, value: {} });
  };

  test('that is refused says why', async () => {
    expect(await sent(clientOf({ e: [{ update: async () => runs }] }))).toBeNull();
    const refused = failing('WorkflowUpdateFailedError', new Error('step 1: no. Send {}'));
    expect(await sent(refused)).toBe('step 1: no. Send {}');
  });

  test('that nobody takes is told apart', async () => {
    await expect(sent(failing('ServiceError'))).rejects.toMatchObject({
      code: 'WORKER_SILENT',
      fate: 'retry',
    });
  });
});
