import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { keepAnswer, type TakenAnswer } from '../../../src/store/enablement/keep-answer.ts';
import { recordEnablement } from '../../../src/store/enablement/record-enablement.ts';
import { stepContext } from '../../../src/store/enablement/step-context.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { opened, viewOf } from '../../support/opened-enablement.ts';

describe('keepAnswer', () => {
  let database: TestDatabase;
  let enablement: string;
  beforeEach(async () => {
    database = await openTestDatabase();
    enablement = await opened(database, { named: 'Demo Inc.' });
  });
  afterEach(() => database.close());

  const keep = (taken: Partial<TakenAnswer>) =>
    keepAnswer(database.db, {
      enablement,
      step: 5,
      value: { approve: true },
      by: 'ann',
      note: null,
      reason: null,
      at: '2025-08-01T12:00:00.000Z',
      ...taken,
    });
  const events = async () => {
    const { rows } = await database.pool.query(
      'select step, kind, by, text, before, after from control.enablement_event order by event',
    );
    return rows;
  };

  test('gives nothing once the enablement is over, as to a workflow that was reset', async () => {
    await recordEnablement(database.db, enablement, viewOf('completed'), []);
    await expect(stepContext(database.db, enablement, 5)).rejects.toMatchObject({
      code: 'ENABLEMENT_OVER',
      message: 'This enablement was completed already, so that its workflow does nothing more.',
    });
  });

  test('gives the step its answer, and the others too, with who gave it', async () => {
    await keep({ step: 3, value: { homeCurrency: 'USD' } });
    await keep({ note: 'as agreed' });
    expect(await stepContext(database.db, enablement, 5)).toEqual({
      enablement,
      step: 5,
      answer: { approve: true },
      by: 'ann',
      note: 'as agreed',
      answers: { 3: { homeCurrency: 'USD' }, 5: { approve: true } },
      named: 'Demo Inc.',
    });
    expect(await stepContext(database.db, enablement, 4)).toMatchObject({
      answer: null,
      by: null,
      note: null,
    });
  });

  test('notes the values before and after, and a repeated call nothing', async () => {
    const mapping = [{ from: 'RatePlanCharge.Region__c', to: 'ATR1' }];
    await keep({});
    await keep({ at: '2025-08-01T12:00:05.000Z' });
    const amended = { value: { approve: true, mapping }, by: 'bob', reason: 'Region is reported.' };
    await keep(amended);
    await keep({ ...amended, at: '2025-08-01T12:01:00.000Z' });
    expect(await events()).toEqual([
      { step: 5, kind: 'answered', by: 'ann', text: '', before: null, after: { approve: true } },
      {
        step: 5,
        kind: 'amended',
        by: 'bob',
        text: 'Region is reported.',
        before: { approve: true },
        after: { approve: true, mapping },
      },
    ]);
  });

  test('lets what rests on an amended step be answered anew', async () => {
    await keep({});
    await keep({ step: 6 });
    await keep({ step: 4 });
    await keep({
      value: { approve: true, mapping: [] },
      by: 'bob',
      reason: 'None.',
      at: '2025-08-02T00:00:00.000Z',
    });
    expect(await stepContext(database.db, enablement, 6)).toMatchObject({
      answer: null,
      by: null,
      answers: { 4: { approve: true }, 5: { approve: true, mapping: [] } },
    });
    expect((await events()).at(-1)).toMatchObject({
      step: 6,
      kind: 'to-answer-again',
      by: 'bob',
      before: { approve: true },
      after: null,
    });
    // An answer is no amendment.
    await keep({ step: 6 });
    await keep({ step: 5, by: 'cleo' });
    expect(await stepContext(database.db, enablement, 6)).toMatchObject({ answer: { approve: true } });
  });

  test('says that an enablement is not there', async () => {
    const unknown = { code: 'ENABLEMENT_UNKNOWN', fate: 'fix-input' };
    await expect(keep({ enablement: '99' })).rejects.toMatchObject(unknown);
    await expect(stepContext(database.db, '99', 1)).rejects.toMatchObject(unknown);
  });
});
