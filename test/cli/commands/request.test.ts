import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runCommand } from '../../support/run-command.ts';

describe('revsync request check', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'revsync-request-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const check = async (text: string, ...more: string[]) => {
    const file = join(folder, 'request.json');
    await writeFile(file, text);
    return runCommand(['request', 'check', '--file', file, ...more]);
  };

  test('answers what is accepted, and ends with 0', async () => {
    const { exit, json } = await check(
      '{"kind": "mass-action", "level": "contract", "action": "close"}',
      '--json',
    );
    expect(exit).toBe(0);
    expect(json()).toEqual({
      accepted: true,
      limitation: null,
      message: 'Close RC can be taken on revenue contracts: `revsync contract close`.',
      remedy: null,
    });
  });

  test('answers what is refused, by which limitation and what to do, and ends with 1', async () => {
    const event = '{"kind": "event", "processing": "by-amount", "chargeType": "Recurring", "value": 10.50}';
    const { exit, stdout } = await check(event);
    expect(exit).toBe(1);
    expect(stdout).toBe(
      'Refused by event-by-amount: Events By Amount are supported on one-time and usage charges only; this one is for a recurring charge (Zuora: RPRO-00750).\nSet the event up By Percent.\n',
    );
    expect((await check(event, '--json')).json()).toMatchObject({
      accepted: false,
      limitation: 'event-by-amount',
    });
  });

  test('lists what keeps a file from being a request, and ends with 2', async () => {
    const { exit, json } = await check('kind: event\nprocessing: by-persent\nvalue: x\nwhen: now', '--json');
    expect(exit).toBe(2);
    expect(json()).toMatchObject({
      error: { code: 'REQUEST_INVALID' },
      mistakes: [
        {
          path: 'processing',
          message: 'processing cannot be "by-persent".',
          suggestion: 'Did you mean by-percent?',
        },
        { path: 'chargeType', message: 'chargeType is missing.' },
        { path: 'value', message: 'value has to be a number.' },
        { path: 'when', message: 'There is no when here.' },
      ],
    });
  });

  test.each(['[]', '"refund"', 'kind: event\nprocessing: []'])(
    'names no command that is not there for %s, but an example',
    async (text) => {
      const { exit, stdout } = await check(text);
      expect(exit).toBe(2);
      expect(stdout).toMatch(/For example|Write one of/);
      expect(stdout).not.toContain('schema');
    },
  );

  test.each([
    ['kind: refund', 'kind: kind cannot be "refund".'],
    ['{}', 'kind: kind is missing.'],
    ['{', 'The file is neither YAML nor JSON'],
  ])('says what is wrong with %s', async (text, says) => {
    const { exit, stdout } = await check(text);
    expect(exit).toBe(2);
    expect(stdout).toContain(says);
  });
});
