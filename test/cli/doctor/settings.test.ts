import { describe, expect, test } from 'vitest';

import { readConfiguration, VARIABLES } from '../../../src/cli/configuration.ts';
import { type Circumstances, settingsOf } from '../../../src/cli/doctor/settings.ts';

const settings = (env: Record<string, string>, more: Partial<Circumstances> = {}) =>
  new Map(
    settingsOf({
      configuration: readConfiguration(env),
      env,
      stateDir: '/state',
      running: null,
      lagSeconds: null,
      ...more,
    }).map(({ name, ...setting }) => [name, setting]),
  );

describe('settingsOf', () => {
  test('shows every variable, with its default where it has one', () => {
    const all = settings({}, { lagSeconds: 7200 });
    expect([...all.keys()]).toEqual(VARIABLES);
    expect(all.get('REVSYNC_TENANT')).toEqual({ value: 'demo', source: 'default' });
    expect(all.get('REVSYNC_STATE_DIR')).toEqual({ value: '/state', source: 'default' });
    expect(all.get('REVSYNC_LAG_SECONDS')).toEqual({ value: '7200', source: 'default' });
    expect(all.get('ZUORA_CLIENT_ID')).toEqual({ value: 'sandbox', source: 'default' });
    expect(all.get('DATABASE_URL')).toEqual({ value: null, source: 'embedded' });
    expect(all.get('TEMPORAL_API_KEY')).toEqual({ value: null, source: 'default' });
  });

  test('shows what limits and windows come to, and lists as they were written', () => {
    const all = settings({ ZUORA_ORG_IDS: 'a, b', ZUORA_AQUA_PARTNER: 'partner' });
    expect(all.get('REVSYNC_API_SHARE')).toEqual({ value: '50', source: 'default' });
    expect(all.get('REVSYNC_LOOK_BACK_DAYS')).toEqual({ value: '35', source: 'default' });
    expect(all.get('REVSYNC_LOOK_BACK_EVERY_HOURS')).toEqual({ value: '168', source: 'default' });
    expect(all.get('ZUORA_AQUA_PROJECT')).toEqual({ value: 'revsync', source: 'default' });
    expect(all.get('ZUORA_AQUA_PARTNER')).toEqual({ value: 'partner', source: 'environment' });
    expect(all.get('ZUORA_ORG_IDS')).toEqual({ value: 'a, b', source: 'environment' });
  });

  test('what the environment says comes first; an empty variable is not set', () => {
    const all = settings({ REVSYNC_TENANT: 'acme', TEMPORAL_ADDRESS: 'temporal:7233', ZUORA_VERSION: '' });
    expect(all.get('REVSYNC_TENANT')).toEqual({ value: 'acme', source: 'environment' });
    expect(all.get('TEMPORAL_ADDRESS')).toEqual({ value: 'temporal:7233', source: 'environment' });
    expect(all.get('ZUORA_VERSION')).toEqual({ value: '2025-08-12', source: 'default' });
  });

  test('servers of a running `up` stand in for what is not given', () => {
    const running = {
      database: 'postgres://postgres:hidden@127.0.0.1:5/revsync',
      temporal: { address: '127.0.0.1:7', namespace: 'default' },
      billing: 'http://127.0.0.1:8',
    };
    const all = settings({}, { running });
    expect(all.get('DATABASE_URL')).toEqual({
      value: 'postgres://postgres:***@127.0.0.1:5/revsync',
      source: 'running up',
    });
    expect(all.get('TEMPORAL_ADDRESS')).toEqual({ value: '127.0.0.1:7', source: 'running up' });
    expect(all.get('ZUORA_BASE_URL')).toEqual({ value: 'http://127.0.0.1:8', source: 'running up' });
  });

  test('no secret is ever shown', () => {
    const env = {
      DATABASE_URL: 'postgres://me:s3cr3t-pass@db/revsync?sslpassword=s3cr3t-tls',
      ZUORA_BASE_URL: 'https://me:s3cr3t-url@rest.zuora.com',
      ZUORA_CLIENT_ID: 'id',
      ZUORA_CLIENT_SECRET: 's3cr3t-client',
      TEMPORAL_API_KEY: 's3cr3t-key',
    };
    expect(JSON.stringify([...settings(env)])).not.toContain('s3cr3t');
    expect(settings(env).get('ZUORA_CLIENT_SECRET')).toEqual({ value: '***', source: 'environment' });
  });
});
