import { describe, expect, test } from 'vitest';

import { readConfiguration } from '../../src/cli/configuration.ts';
import { openTelemetry, secretsOf } from '../../src/cli/telemetry.ts';

describe('secretsOf', () => {
  test('are what the environment keeps secret, and the passwords in its URLs', () => {
    const configuration = readConfiguration({
      DATABASE_URL: 'postgres://revsync:db%2Fpass@db/revsync',
      ZUORA_CLIENT_ID: 'client',
      ZUORA_CLIENT_SECRET: 'zuora-secret',
      TEMPORAL_API_KEY: 'temporal-key',
    });
    expect(
      secretsOf(configuration, {
        PGPASSWORD: 'pg-secret',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=collector-key, authorization=Bearer%20abc=def',
      })
        .filter((secret) => secret !== '')
        .toSorted(),
    ).toEqual([
      'Bearer abc=def',
      'Bearer%20abc=def',
      'abc=def',
      'collector-key',
      'collector-key',
      'db%2Fpass',
      'db/pass',
      'pg-secret',
      'temporal-key',
      'zuora-secret',
    ]);
  });
});

describe('openTelemetry', () => {
  test('logs at the level of the environment, and traces only where a collector is', async () => {
    const { log, tracing } = await openTelemetry(readConfiguration({ REVSYNC_LOG_LEVEL: 'error' }));
    expect(log.level).toBe('error');
    expect(tracing).toBeNull();
  });
});
