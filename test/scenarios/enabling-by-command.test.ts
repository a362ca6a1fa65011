import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Notice } from '../../src/domain/enablement/notice.ts';
import type { ReadEnablement } from '../../src/store/enablement/read-enablement.ts';
import { openTerminal, type Staying, type Terminal, type UpDocument } from '../support/command-line.ts';

type Answered = ReadEnablement & {
  readonly answered: readonly string[];
  readonly ignored: readonly string[];
  readonly notSent: readonly string[];
  readonly refusal?: { readonly step: string; readonly message: string };
};

const FIRST = { contact: 'ann@example.com', revenueVersion: '37.007.00.00', tenantName: 'Acme Inc.' };
/** Two fields of one attribute. */
const BROKEN = {
  approve: true,
  mapping: [
    { from: 'RatePlanCharge.Region__c', to: 'ATR1' },
    { from: 'Account.Region__c', to: 'ATR1' },
  ],
};
const REST = {
  '2': { mapping: [{ entity: 'demo', org: 'default' }] },
  '5': { approve: true },
  '6': { approve: true },
  '7': { skip: true, reason: 'No single sign-on.' },
  '9': { approve: true },
};

/** The enablement of the sandbox's tenant by commands alone, as a script goes through it. */
describe('enabling by command', () => {
  let terminal: Terminal;
  let up: Staying<UpDocument>;
  let webhook: Server;
  const notices: Notice[] = [];

  beforeAll(async () => {
    webhook = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        notices.push(JSON.parse(text) as Notice);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    terminal = await openTerminal({ REVSYNC_WEBHOOK_URL: `http://127.0.0.1:${port}/hook` });
    up = await terminal.start<UpDocument>(['up']);
  });
  afterAll(async () => {
    await up.stop();
    await terminal.close();
    await new Promise((resolve) => webhook.close(resolve));
  });

  const answer = async (answers: object, code: number): Promise<Answered> => {
    const file = join(terminal.stateDir, '..', 'answers.json');
    await writeFile(file, JSON.stringify({ by: 'ann', answers }));
    return terminal.json<Answered>(['enable', 'answer', '--file', file], { code, within: 200_000 });
  };
  const error = async (...args: string[]) => {
    const { code, json } = await terminal.run(['enable', ...args, '--json']);
    return [code, json<{ error: { code: string; remedy: string } }>().error] as const;
  };

  test('needs an enablement that is started', async () => {
    const file = join(terminal.stateDir, '..', 'answers.json');
    await writeFile(file, JSON.stringify({ answers: {} }));
    expect(await error('answer', '--file', file)).toMatchObject([2, { code: 'ENABLEMENT_NOT_RUNNING' }]);
    expect(await error('status')).toMatchObject([2, { code: 'ENABLEMENT_UNKNOWN' }]);
  });

  test('starts it and comes back with its first question; a second start goes no further', async () => {
    const started = await terminal.json<ReadEnablement>([
      'enable',
      'start',
      '--name',
      'Acme Inc.',
      '--by',
      'ann',
    ]);
    expect(started).toMatchObject({
      tenant: 'demo',
      workflowId: 'enablement/demo',
      status: 'waiting',
      awaiting: { step: 1, example: { update: 'answer', data: { step: 1 } } },
    });
    const second = await terminal.run(['enable', 'start', '--json']);
    expect(second.code).toBe(1);
    expect(second.json()).toMatchObject({
      message: 'enablement/demo is running already.',
      awaiting: { step: 1 },
    });
    const status = await terminal.json<ReadEnablement>(['enable', 'status']);
    expect(status).toMatchObject({ status: 'waiting', startedBy: 'ann', awaiting: { step: 1 } });
  });

  test('keeps answers that are not yet due; the newest counts', async () => {
    const early = await answer({ '10': { mode: 'schedule', cron: '0 3 * * *' } }, 1);
    expect(early).toMatchObject({ answered: [], kept: [10], notSent: [], awaiting: { step: 1 } });
    const file = join(terminal.stateDir, '..', 'answers.json');
    await writeFile(file, JSON.stringify({ by: 'bob', answers: { '10': { mode: 'manual' } } }));
    const { code, stdout } = await terminal.run(['enable', 'answer', '--file', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('Kept until their steps ask: 10\n');
    expect(stdout).toContain('Answered: none.\n');
  });

  test('ends with 1 where the file is silent, says what is asked, and posts the ticket once', async () => {
    const first = await answer({ '1': FIRST }, 1);
    expect(first).toMatchObject({ answered: ['1'], ignored: [], status: 'waiting', awaiting: { step: 1 } });
    const again = await answer({ '1': FIRST }, 1);
    expect(again.awaiting?.step).toBe(1);
    expect(notices.filter(({ event }) => event === 'ticket')).toMatchObject([
      { tenant: 'demo', step: 1, text: expect.stringContaining('ann@example.com') },
    ]);
  });

  test('prints the right JSON of what is refused', async () => {
    const refused = await answer({ ...REST, '1': { ...FIRST, resolved: true }, '5': BROKEN }, 1);
    expect(refused.refusal?.step).toBe('5');
    expect(refused.refusal?.message).toMatch(/Send \{"step":5,"value":\{"approve":true/);
    expect(refused).toMatchObject({
      answered: ['1'],
      kept: [6, 7, 9, 10],
      ignored: ['2'],
      notSent: [],
      awaiting: { step: 5 },
    });
  });

  test('comes to the end, lists what nobody asked for, and tells of it', async () => {
    const done = await answer({ ...REST, '11': { mode: 'manual' } }, 0);
    expect(done).toMatchObject({
      status: 'completed',
      answered: ['5', '6', '7', '11'],
      kept: [],
      ignored: ['2', '9'],
      notSent: [],
      awaiting: null,
    });
    expect(done.steps.find(({ step }) => step === 10)).toMatchObject({
      by: 'bob',
      answer: { mode: 'manual' },
    });
    expect(done.steps.map(({ status }) => status)).toEqual([
      'done',
      'skipped',
      'done',
      'done',
      'done',
      'done',
      'skipped',
      'skipped',
      'skipped',
      'done',
      'done',
    ]);
    expect(notices.at(-1)).toMatchObject({ event: 'completed', step: null });
    const contracts = await terminal.json<unknown[]>(['contract', 'list']);
    expect(contracts.length).toBeGreaterThan(100);
  });

  test('does not enable a live tenant again unless it is forced', async () => {
    expect(await error('start')).toMatchObject([
      2,
      { code: 'ENABLEMENT_LIVE', remedy: expect.stringContaining('--force') },
    ]);
    const forced = await terminal.json<{ outcome: string }>(['enable', 'start', '--force', '--no-wait']);
    expect(forced.outcome).toBe('started');
  });
});
