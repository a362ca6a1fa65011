import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling } from '../rest/stub-server.ts';

const SUBMIT = 'POST /v1/batch-query/';
const JOB = 'GET /v1/batch-query/jobs/J1';
const CANCEL = 'DELETE /v1/batch-query/jobs/J1';
const QUERIES = [
  { name: 'InvoiceItem', query: 'select Id from InvoiceItem', deletedColumn: 'Deleted' },
  { name: 'AccountingCode', query: 'select Id from AccountingCode' },
];
const batch = (more: object) => ({
  batchId: 'B1',
  name: 'InvoiceItem',
  status: 'completed',
  fileId: 'F1',
  recordCount: 12,
  full: true,
  ...more,
});
const job = (status: string, ...batches: object[]) => ({ id: 'J1', status, format: 'GZIP', batches });

describe('a submitted job', () => {
  test('is stateless, with queries, labels, UTC and the deleted columns asked for', async () => {
    const accepted = job('submitted', { batchId: 'B1', status: 'pending' });
    const { billing, to } = await stubBilling({ [SUBMIT]: reply(200, accepted) });
    expect(
      await billing.submitExport({ name: 'revenue-sync/demo/2024-01-01T00:00:00Z', queries: QUERIES }),
    ).toBe('J1');

    const [call] = to('/v1/batch-query/');
    expect(call?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      format: 'gzip',
      version: '1.1',
      name: 'revenue-sync/demo/2024-01-01T00:',
      encrypted: 'none',
      useQueryLabels: true,
      dateTimeUtc: true,
      queries: [
        {
          name: 'InvoiceItem',
          query: 'select Id from InvoiceItem',
          type: 'zoqlexport',
          deleted: { column: 'Deleted', format: 'Boolean', forceExport: true },
        },
        { name: 'AccountingCode', query: 'select Id from AccountingCode', type: 'zoqlexport' },
      ],
    });
  });

  test.each(['csv', 'zip', 'gzip'] as const)('asks for %s files when configured to', async (exportFormat) => {
    const { billing, to } = await stubBilling({ [SUBMIT]: reply(200, job('submitted')) }, { exportFormat });
    await billing.submitExport({ name: 'x', queries: QUERIES, stateful: null });
    expect(JSON.parse(to('/v1/batch-query/')[0]?.body ?? '')).toMatchObject({ format: exportFormat });
  });

  test('that is stateful names partner, project and the time to reckon from', async () => {
    const { billing, to } = await stubBilling({ [SUBMIT]: reply(200, job('submitted')) });
    const stateful = { partner: 'revsync', project: 'demo', since: '2024-01-31T08:00:00Z' };
    await billing.submitExport({ name: 'x', queries: QUERIES, stateful });
    const request = JSON.parse(to('/v1/batch-query/')[0]?.body ?? '');
    expect(request).toMatchObject({
      version: '1.1',
      partner: 'revsync',
      project: 'demo',
      incrementalTime: '2024-01-31 00:00:00',
    });
    expect(request.queries[0].deleted).toEqual({ column: 'Deleted', format: 'Boolean' });
  });

  test('that is stateful leaves the time to Billing when there is none', async () => {
    const { billing, to } = await stubBilling({ [SUBMIT]: reply(200, job('submitted')) });
    await billing.submitExport({
      name: 'x',
      queries: QUERIES,
      stateful: { partner: 'revsync', project: 'demo', since: null },
    });
    expect(to('/v1/batch-query/')[0]?.body).not.toContain('incrementalTime');
  });

  test.each([
    ['partner', { partner: ' ', project: 'demo' }],
    ['project', { partner: 'revsync', project: '' }],
  ])('is never stateful with a blank %s', async (_name, session) => {
    const { billing, seen } = await stubBilling({});
    const stateful = { ...session, since: null };
    const error = await failure(billing.submitExport({ name: 'x', queries: QUERIES, stateful }));
    expect(error.code).toBe('INVARIANT_BROKEN');
    expect(seen).toEqual([]);
  });

  describe('that Billing reckons from', () => {
    const stateful = { partner: 'revsync', project: 'demo', since: '2024-01-31T08:00:00.900Z' };
    const understood = (incrementalTime: unknown) =>
      stubBilling({
        [SUBMIT]: reply(200, { ...job('submitted', { status: 'pending' }), incrementalTime }),
        [CANCEL]: reply(200, job('cancelled')),
      });

    test.each([
      ['the time asked for', Date.parse('2024-01-31T08:00:00Z')],
      ['an earlier time', Date.parse('2024-01-31T00:00:00Z')],
      ['a time it repeats as text', '2024-01-31 00:00:00'],
    ])('%s is accepted', async (_name, incrementalTime) => {
      const { billing } = await understood(incrementalTime);
      expect(await billing.submitExport({ name: 'x', queries: QUERIES, stateful })).toBe('J1');
    });

    test('a later time would lack changes: it is cancelled and refused', async () => {
      const { billing, to } = await understood(Date.parse('2024-01-31T08:00:01Z'));
      const error = await failure(billing.submitExport({ name: 'x', queries: QUERIES, stateful }));
      expect(error).toMatchObject({ code: 'BILLING_REPLY_UNEXPECTED', fate: 'fix-input' });
      expect(error.remedy).toMatch(/^Run stateless/);
      expect(to('/v1/batch-query/jobs/J1').map(({ method }) => method)).toEqual(['DELETE']);
    });
  });

  test.each([
    ['a code', { errorCode: '90018', message: 'no permission' }, {}, 'BILLING_REQUEST_REFUSED|PERMISSION'],
    ['the state of a query', {}, { status: 'deleted_notallowed' }, 'BILLING_DELETES_UNSUPPORTED'],
  ])('accepted but refused by %s is cancelled and no success', async (_name, more, query, codes) => {
    const { billing, to } = await stubBilling({
      [SUBMIT]: reply(200, { ...job('submitted', { batchId: 'B1', status: 'pending', ...query }), ...more }),
      [CANCEL]: reply(200, job('cancelled')),
    });
    const error = await failure(billing.submitExport({ name: 'x', queries: QUERIES }));
    expect(error.code).toMatch(new RegExp(codes));
    expect(to('/v1/batch-query/jobs/J1').map(({ method }) => method)).toEqual(['DELETE']);
  });

  test.each([90012, '90017'])('refused for its deleted columns by %s is recognisable', async (errorCode) => {
    const body = { errorCode, message: 'no deleted', id: null, status: 'error', batches: [] };
    const { billing } = await stubBilling({ [SUBMIT]: reply(200, body) });
    const error = await failure(billing.submitExport({ name: 'x', queries: QUERIES }));
    expect(error).toMatchObject({ code: 'BILLING_DELETES_UNSUPPORTED', fate: 'fix-input' });
    expect(error.context['zuoraCode']).toBe(String(errorCode));
  });

  test('without an id is no success', async () => {
    const { billing } = await stubBilling({ [SUBMIT]: reply(200, { message: 'There is a syntax error' }) });
    const error = await failure(billing.submitExport({ name: 'x', queries: QUERIES }));
    expect(error).toMatchObject({
      code: 'BILLING_REPLY_UNEXPECTED',
      context: { places: 'id', keys: 'message' },
    });
  });

  test('has between 1 and 50 queries', async () => {
    const { billing, seen } = await stubBilling({});
    const queries = Array.from({ length: 51 }, () => ({ name: 'a', query: 'select Id from A' }));
    expect((await failure(billing.submitExport({ name: 'x', queries }))).code).toBe('INVARIANT_BROKEN');
    expect((await failure(billing.submitExport({ name: 'x', queries: [] }))).code).toBe('INVARIANT_BROKEN');
    expect(seen).toEqual([]);
  });
});

describe('the status of a job', () => {
  const statusOf = async (body: unknown) =>
    (await stubBilling({ [JOB]: reply(200, body) })).billing.exportStatus('J1');

  test.each(['submitted', 'pending', 'executing', 'processing', 'Executing'])(
    '%s is running',
    async (status) => {
      expect(await statusOf(job(status, batch({ status: 'executing', fileId: null })))).toEqual({
        state: 'running',
      });
    },
  );

  test('completed has a file, its check sum and its fullness per query', async () => {
    const other = batch({ name: 'Account', fileId: 'F2', recordCount: '9007199254740993', full: 'false' });
    expect(
      await statusOf(job('completed', batch({}), other, batch({ name: 'Order', full: undefined }))),
    ).toEqual({
      state: 'completed',
      files: [
        { name: 'InvoiceItem', fileIds: ['F1'], recordCount: '12', full: true },
        { name: 'Account', fileIds: ['F2'], recordCount: '9007199254740993', full: false },
        { name: 'Order', fileIds: ['F1'], recordCount: '12', full: false },
      ],
    });
  });

  test('completed in segments has them in order, with one check sum', async () => {
    const segmented = batch({ fileId: undefined, segments: ['S2', 'S1', 'S3'], recordCount: 1_200_000 });
    const whole = batch({ name: 'Account', segments: [] });
    expect(await statusOf(job('completed', segmented, whole))).toMatchObject({
      files: [
        { fileIds: ['S2', 'S1', 'S3'], recordCount: '1200000' },
        { name: 'Account', fileIds: ['F1'] },
      ],
    });
  });

  test.each([null, 'S1', [], [''], [{ id: 'S1' }]])(
    'completed with segments %j has no file',
    async (segments) => {
      const found = await statusOf(job('completed', batch({ fileId: null, segments })));
      expect(found).toEqual({
        state: 'failed',
        reason: 'job completed (InvoiceItem: completed without a file)',
      });
    },
  );

  test('reads a count that is written as a fraction', async () => {
    const text = JSON.stringify(job('completed', batch({ recordCount: 7 }))).replace(':7', ':7.0');
    expect(await statusOf(text)).toMatchObject({ files: [{ recordCount: '7' }] });
  });

  test.each([undefined, null, -1, '1.5', 'many'])(
    'completed with the count %j is not believed',
    async (count) => {
      const { billing } = await stubBilling({
        [JOB]: reply(200, job('completed', batch({ recordCount: count }))),
      });
      const error = await failure(billing.exportStatus('J1'));
      expect(error).toMatchObject({
        code: 'BILLING_REPLY_UNEXPECTED',
        context: { places: 'batches.0.recordCount' },
      });
    },
  );

  test('completed and stateful without saying whether it is full is not believed', async () => {
    const body = { ...job('completed', batch({ full: undefined })), partner: 'revsync', project: 'demo' };
    const { billing } = await stubBilling({ [JOB]: reply(200, body) });
    expect(await failure(billing.exportStatus('J1'))).toMatchObject({
      code: 'BILLING_REPLY_UNEXPECTED',
      context: { places: 'batches.0.full' },
    });
  });

  test.each(['aborted', 'failed', 'error', 'deleted_notallowed', 'cancelled', 'something new'])(
    '%s has failed, in the words of its queries',
    async (status) => {
      const bad = batch({ status: 'aborted', fileId: null, message: 'no such\nfield' });
      const found = await statusOf(job(status, bad, batch({ name: 'Account' })));
      expect(found).toEqual({ state: 'failed', reason: `job ${status} (InvoiceItem: no such field)` });
    },
  );

  test('failed with a code tells it', async () => {
    const found = await statusOf({ ...job('error', batch({})), errorCode: 90027, message: 'took too long' });
    expect(found).toEqual({ state: 'failed', reason: 'job error (90027 took too long)' });
  });

  test('completed without any query has failed', async () => {
    expect(await statusOf(job('completed'))).toEqual({ state: 'failed', reason: 'job completed' });
    expect(await statusOf({ id: 'J1', status: 'completed', batches: null })).toMatchObject({
      state: 'failed',
    });
  });

  test('completed with a query that is not has failed', async () => {
    const found = await statusOf(job('completed', batch({}), batch({ name: 'Order', status: 'aborted' })));
    expect(found).toEqual({ state: 'failed', reason: 'job completed (Order: aborted)' });
  });

  test('of a job that Billing does not know has failed, so that it is asked for again', async () => {
    const { billing } = await stubBilling({
      [JOB]: reply(200, { errorCode: '90003', message: 'unknown job' }),
    });
    expect(await billing.exportStatus('J1')).toEqual({
      state: 'failed',
      reason: expect.stringContaining('90003 unknown job'),
    });
  });
});

describe('cancelling', () => {
  test.each([
    ['a running job', 200, job('cancelled')],
    ['a job that is gone', 404, { message: 'gone' }],
    ['a job that is over', 200, { errorCode: 90013, message: 'cannot be cancelled' }],
  ])('%s is no error', async (_name, status, body) => {
    const { billing, to } = await stubBilling({ [CANCEL]: reply(status, body) });
    await billing.cancelExport('J1');
    expect(to('/v1/batch-query/jobs/J1')).toHaveLength(1);
  });

  test('while Billing is busy is to be tried again', async () => {
    const { billing } = await stubBilling({ [CANCEL]: reply(503, {}) });
    expect((await failure(billing.cancelExport('J1'))).code).toBe('BILLING_BUSY');
  });
});
