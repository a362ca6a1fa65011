import { describe, expect, test } from 'vitest';

import { checkNode } from '../../../src/cli/doctor/check-machine.ts';

describe('checkNode', () => {
  test.each(['20.20.0', '20.21.3', '22.0.0'])('%s is new enough', (version) => {
    expect(checkNode(version).ok).toBe(true);
  });

  test.each(['18.20.8', '20.19.9'])('%s is too old', (version) => {
    expect(checkNode(version)).toMatchObject({ ok: false, remedy: expect.stringContaining('20.20') });
  });
});
