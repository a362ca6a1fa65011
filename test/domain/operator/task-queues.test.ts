import { describe, expect, test } from 'vitest';

import {
  ACTIVITY_QUEUES,
  parseQueues,
  taskQueueOf,
  WORKER_QUEUES,
} from '../../../src/domain/operator/task-queues.ts';
import { mockActivities } from '../../support/mock-activities.ts';

describe('the queues of activities', () => {
  test('every activity has one, and nothing else has', () => {
    expect(Object.keys(ACTIVITY_QUEUES).toSorted()).toEqual(Object.keys(mockActivities()).toSorted());
  });

  test('what cancels something does not wait behind it', () => {
    expect([ACTIVITY_QUEUES.cancelExport, ACTIVITY_QUEUES.cancelSides]).toEqual([
      'orchestration',
      'orchestration',
    ]);
  });
});

describe('the names of queues', () => {
  test('begin with that of the queue workflows are started on', () => {
    expect(WORKER_QUEUES.map((queue) => taskQueueOf('acme', queue))).toEqual([
      'acme',
      'acme-extraction',
      'acme-warehouse',
    ]);
  });

  test.each([
    ['warehouse,orchestration', ['orchestration', 'warehouse']],
    [' extraction , extraction', ['extraction']],
    ['orchestration,extraction,warehouse', [...WORKER_QUEUES]],
  ])('%j is understood', (list, queues) => {
    expect(parseQueues(list)).toEqual(queues);
  });

  test.each(['', ',', 'extraction,', 'billing', 'Extraction', 'extraction warehouse'])(
    '%j is not',
    (list) => {
      expect(parseQueues(list)).toBeNull();
    },
  );
});
