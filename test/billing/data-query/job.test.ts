import { describe, expect, test } from 'vitest';

import { CLIENT_SECRET, failure, reply, stubBilling } from '../rest/stub-server.ts';

const JOBS = 'POST /query/jobs';
const JOB = 'GET /query/jobs/J1';
const job = (fields: Readonly<Record<string, unknown>>) => reply(200, { data: { id: 'J1', ...fields } });

describe('a data query', () => {
  test('is submitted as live data, as packed CSV, without a word of deleted rows', async () => {
    const { billing, seen } = await stubBilling({ [JOBS]: job({ queryStatus: 'submitted' }) });
    expect(await billing.submitDataQuery({ sql: 'select id from account' })).toBe('J1');
    const call = seen.at(-1);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      query: 'select id from account',
      outputFormat: 'CSV',
      compression: 'GZIP',
      output: { target: 'S3' },
      sourceData: 'LIVE',
    });
  });

  test.each([
    [true, true],
    [false, undefined],
  ])('with readDeleted %s sends %s', async (readDeleted, sent) => {
    const { billing, seen } = await stubBilling({ [JOBS]: job({ queryStatus: 'submitted' }) });
    await billing.submitDataQuery({ sql: 'select id from account', readDeleted });
    expect(JSON.parse(seen.at(-1)?.body ?? '').readDeleted).toBe(sent);
  });

  test.each([
    ['a status', 415, { code: 415, message: 'Unsupported Media Type' }, '415'],
    ['a body alone', 200, { code: 400, message: 'line 1:8: no such column' }, 'no such column'],
  ])('that is refused by %s is a refusal in the words of Zuora', async (_name, status, body, words) => {
    const { billing } = await stubBilling({ [JOBS]: reply(status, body) });
    const error = await failure(billing.submitDataQuery({ sql: 'select x from account' }));
    expect(error).toMatchObject({
      code: 'BILLING_REQUEST_REFUSED',
      context: { path: '/query/jobs', zuoraRequestId: 'req-1' },
    });
    expect(error.message).toContain(words);
  });
});

describe('the status of a data query', () => {
  test.each(['submitted', 'accepted', 'in_progress', 'IN_PROGRESS'])('%s is running', async (queryStatus) => {
    const { billing } = await stubBilling({ [JOB]: job({ queryStatus, outputRows: null }) });
    expect(await billing.dataQueryStatus('J1')).toEqual({ state: 'running' });
  });

  test.each([
    [0, '0'],
    [412, '412'],
    ['9007199254740993', '9007199254740993'],
  ])('completed tells its %s rows as text', async (outputRows, rows) => {
    const dataFile = 'https://storage.example/secret';
    const { billing } = await stubBilling({ [JOB]: job({ queryStatus: 'completed', dataFile, outputRows }) });
    expect(await billing.dataQueryStatus('J1')).toEqual({ state: 'completed', rows });
  });

  test('completed without a count is not believed', async () => {
    const { billing } = await stubBilling({ [JOB]: job({ queryStatus: 'completed' }) });
    const error = await failure(billing.dataQueryStatus('J1'));
    expect(error).toMatchObject({
      code: 'BILLING_REPLY_UNEXPECTED',
      context: { places: 'data.outputRows' },
    });
  });

  test('failed carries the reason in one short line, without a secret', async () => {
    const errorMessage = `line 3:\n  no such\ttable for ${CLIENT_SECRET} ${'x'.repeat(5000)}`;
    const { billing } = await stubBilling({ [JOB]: job({ queryStatus: 'failed', errorMessage }) });
    const status = await billing.dataQueryStatus('J1');
    const reason = status.state === 'failed' ? status.reason : '';
    expect(reason).toMatch(/^job failed \(line 3: no such table for \*\*\* x+$/);
    expect(reason.length).toBe(1000);
  });

  test.each(['cancelled', 'aborted', 'something new'])('%s has ended', async (queryStatus) => {
    const { billing } = await stubBilling({ [JOB]: job({ queryStatus }) });
    expect(await billing.dataQueryStatus('J1')).toEqual({ state: 'failed', reason: `job ${queryStatus}` });
  });

  test('of a job that Billing no longer knows has ended', async () => {
    const { billing } = await stubBilling({ [JOB]: reply(404, { code: 404, message: 'not found' }) });
    const status = await billing.dataQueryStatus('J1');
    expect(status).toMatchObject({ state: 'failed', reason: expect.stringContaining('30 days') });
  });

  test('is no end of it while Billing is busy', async () => {
    const { billing } = await stubBilling({ [JOB]: reply(503, {}) });
    expect((await failure(billing.dataQueryStatus('J1'))).code).toBe('BILLING_BUSY');
  });
});

describe('a cancelled data query', () => {
  test.each([
    ['that runs', job({ queryStatus: 'cancelled' })],
    ['that is over', reply(400, { code: 400, message: 'Job is completed' })],
    ['that is gone', reply(404, { code: 404, message: 'not found' })],
  ])('%s is no error', async (_name, answer) => {
    const { billing, to } = await stubBilling({ 'DELETE /query/jobs/J1': answer });
    await expect(billing.cancelDataQuery('J1')).resolves.toBeUndefined();
    expect(to('/query/jobs/J1')).toHaveLength(1);
  });

  test('is an error where the role may not', async () => {
    const { billing } = await stubBilling({ 'DELETE /query/jobs/J1': reply(403, {}) });
    expect((await failure(billing.cancelDataQuery('J1'))).code).toBe('BILLING_PERMISSION_MISSING');
  });
});
