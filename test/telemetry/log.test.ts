import { describe, expect, test } from 'vitest';

import { openLog, sdkLogger } from '../../src/telemetry/log.ts';
import { redactor } from '../../src/telemetry/redact.ts';

const SECRET = 'hush"hush\nhush';

/** A log, and what came out of it. */
function openTestLog(level = 'info') {
  const lines: string[] = [];
  const log = openLog(level, redactor([SECRET, 'db-pass%word']), { write: (line) => void lines.push(line) });
  return { log, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('openLog', () => {
  test('writes lines of JSON with the level, the message and what belongs to it', () => {
    const { log, records } = openTestLog();
    log.child({ workflowId: 'revenue-sync/demo' }).info({ ms: 5 }, 'done');
    expect(records()).toMatchObject([{ level: 30, workflowId: 'revenue-sync/demo', ms: 5, msg: 'done' }]);
  });

  test('has no secret in any place of a line', () => {
    const { log, lines } = openTestLog();
    const cause = new Error(`refused: ${SECRET}`);
    log.warn({ err: new Error(`GET https://x/?token=${encodeURIComponent(SECRET)} failed`, { cause }) }, 'a');
    log.warn(
      { deep: { er: [{ header: `Bearer ${'x'.repeat(40)}`, text: JSON.stringify({ SECRET }) }] } },
      'b',
    );
    log.warn({ [SECRET]: 1, url: 'postgres://revsync:db-pass%word@db/revsync' }, SECRET);
    log.child({ bound: SECRET }).warn(`connect ETIMEDOUT postgres://ann:other@db`);
    expect(lines).toHaveLength(4);
    const text = lines.join('');
    for (const part of ['hush', 'xxxx', 'db-pass', 'other']) expect(text).not.toContain(part);
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
  });

  test('quotes of an error what it says, and no rows that it holds', () => {
    const { log, lines, records } = openTestLog();
    const error = Object.assign(new Error('duplicate key'), {
      detail: 'Key (name)=(Ann) exists.',
      rows: ['Ann'],
    });
    log.error({ err: error, error }, 'failed');
    expect(records()[0]).toMatchObject({ err: { type: 'Error', message: 'duplicate key' } });
    expect(lines.join('')).not.toContain('Ann');
  });
});

describe('sdkLogger', () => {
  const meta = { workflowId: 'w', runId: 'r', workflowType: 'revenueSync', taskQueue: 'revsync' };

  test('keeps what the SDK says of the workflow beside the message', () => {
    const { log, records } = openTestLog();
    sdkLogger(log).warn('message refused', { ...meta, refusal: 'no' });
    expect(records()).toMatchObject([{ level: 40, ...meta, refusal: 'no', msg: 'message refused' }]);
  });

  test('writes at the level of the log: a quiet one stays quiet', () => {
    const { log, lines } = openTestLog('warn');
    sdkLogger(log).info('Worker state changed', meta);
    expect(lines).toEqual([]);
    sdkLogger(log).error('broken', meta);
    expect(lines).toHaveLength(1);
  });

  test('does not say a second time that an activity failed, nor warn of what is meant', () => {
    const { log, lines } = openTestLog('warn');
    sdkLogger(log).warn('Activity failed', { error: new Error('with rows') });
    sdkLogger(log).warn('No workflows registered, not polling for workflow tasks', meta);
    expect(lines).toEqual([]);
  });
});
