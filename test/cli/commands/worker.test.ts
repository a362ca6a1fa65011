import { describe, expect, test } from 'vitest';

import { runCommand } from '../../support/run-command.ts';

describe('revsync worker', () => {
  test.each(['billing', 'extraction,', 'extraction warehouse', ''])(
    'refuses the queues %j before it starts anything',
    async (queues) => {
      const { exit, stderr } = await runCommand(['worker', '--queues', queues]);
      expect(exit).toBe(2);
      expect(stderr).toContain('some of orchestration, extraction, warehouse');
    },
  );

  test('refuses queues of the environment that there are not', async () => {
    const { exit, stderr } = await runCommand(['worker'], { REVSYNC_WORKER_QUEUES: 'extraktion' });
    expect(exit).toBe(2);
    expect(stderr).toContain('REVSYNC_WORKER_QUEUES has to be some of orchestration, extraction, warehouse');
  });
});
