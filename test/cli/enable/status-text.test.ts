import { expect, test } from 'vitest';

import { statusText } from '../../../src/cli/enable/status-text.ts';
import { AWAITING, viewOf } from '../../support/opened-enablement.ts';

test('what is awaited comes first, with the JSON on one line; then the steps, their notes and refusals', () => {
  const text = statusText(
    viewOf(
      'waiting',
      {
        4: { status: 'done', by: 'ann', at: '2025-08-01T12:00:00.000Z', note: 'All fits.' },
        5: { status: 'waiting', note: AWAITING.message },
      },
      {
        awaiting: { ...AWAITING, remedy: 'Map them:\none\ntwo' },
        kept: [7, 8],
        refused: ['answer takes {}'],
      },
    ),
  );
  expect(text.slice(0, 8)).toEqual([
    'Enablement of demo: waiting',
    '',
    'Step 5 waits: Two custom fields have values.',
    'Map them:',
    'one',
    'two',
    'Send `answer` {"step":5,"value":{"approve":true},"by":"..."}',
    'or `skip` {"step":5,"reason":"...","by":"..."}',
  ]);
  expect(text.find((line) => line.includes('Review and sync'))).toMatch(
    /4 +Review.* done +ann +2025-08-01T12:00/,
  );
  expect(text).toContain('4: All fits.');
  expect(text).not.toContain(`5: ${AWAITING.message}`);
  expect(text).toContain('Kept until their steps ask: 7, 8');
  expect(text.at(-1)).toBe('Refused: answer takes {}');
});

test('what is read from the database says as of when', () => {
  const text = statusText({ ...viewOf('waiting'), recordedAt: '2025-08-01T12:00:00.000Z' });
  expect(text.slice(0, 2)).toEqual([
    'Enablement of demo: waiting',
    'Last recorded at 2025-08-01T12:00:00.000Z',
  ]);
});

test('a workflow below that waits is named with its own message', () => {
  const awaiting = {
    step: 'extract',
    message: 'Billing did not answer.',
    remedy: 'Look there.',
    example: { update: 'retry', data: { step: 'extract' } },
    skip: null,
  };
  const text = statusText({ ...viewOf('running'), below: { workflowId: 'revenue-sync/demo', awaiting } });
  expect(text.slice(2, 4)).toEqual([
    'revenue-sync/demo waits: Billing did not answer. Look there.',
    'Send it `retry` {"step":"extract"}',
  ]);
});
