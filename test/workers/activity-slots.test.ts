import fc from 'fast-check';
import { expect, test } from 'vitest';

import { WORKER_CONNECTIONS } from '../../src/cli/database.ts';
import { WORKER_QUEUES } from '../../src/domain/operator/task-queues.ts';
import { activitySlots } from '../../workers/activity-slots.ts';

test('a process that serves all queues shares its connections out', () => {
  expect(activitySlots(WORKER_QUEUES, WORKER_CONNECTIONS)).toEqual({
    orchestration: 3,
    extraction: 4,
    warehouse: 3,
  });
});

test('a process that serves one queue gives it all there are', () => {
  expect(activitySlots(['warehouse'], WORKER_CONNECTIONS).warehouse).toBe(10);
});

test('together, activities leave two connections, and no queue is left without a slot', () => {
  const some = fc.uniqueArray(fc.constantFrom(...WORKER_QUEUES), { minLength: 1 });
  fc.assert(
    fc.property(some, fc.integer({ min: 6, max: 100 }), (queues, connections) => {
      const slots = activitySlots(queues, connections);
      const taken = queues.map((queue) => slots[queue]);
      expect(Math.min(...taken)).toBeGreaterThanOrEqual(1);
      expect(taken.reduce((sum, number) => sum + number, 0)).toBeLessThanOrEqual(connections - 2);
    }),
  );
});
