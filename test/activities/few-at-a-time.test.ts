import { describe, expect, test } from 'vitest';

import { fewAtATime } from '../../activities/few-at-a-time.ts';

describe('fewAtATime', () => {
  test('keeps the order, and does no more at once than it may', async () => {
    let open = 0;
    let most = 0;
    const results = await fewAtATime(2, [5, 1, 3, 2, 4], async (item) => {
      most = Math.max(most, (open += 1));
      await Promise.resolve();
      open -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 30, 20, 40]);
    expect(most).toBe(2);
  });
});
