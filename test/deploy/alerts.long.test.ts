import { beforeAll, describe, expect, test } from 'vitest';

import { promtool, requirePromtool } from '../support/promtool.ts';

describe('the files of Prometheus', () => {
  beforeAll(requirePromtool);

  test('the alert rules are rules', async () => {
    expect(await promtool('check', 'rules', 'alerts.yml')).toContain('SUCCESS: 17 rules found');
  });

  test('every alert fires when it should, and not when it should not', async () => {
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  });

  test('the configuration is one', async () => {
    expect(await promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
  });
});
