import { describe, expect, test } from 'vitest';

import { readConfiguration } from '../../src/cli/configuration.ts';

/** What is wrong, as the person reads it. */
function mistakes(env: Record<string, string>): string {
  try {
    readConfiguration(env);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIGURATION_INVALID', fate: 'fix-input' });
    return error instanceof Error ? error.message : '';
  }
}

describe('the configuration of Billing', () => {
  test('has defaults for all but the tenant', () => {
    expect(readConfiguration({})).toMatchObject({
      REVSYNC_API_SHARE: 50,
      REVSYNC_LOOK_BACK_DAYS: 35,
      REVSYNC_LOOK_BACK_EVERY_HOURS: 168,
      ZUORA_AQUA_PROJECT: 'revsync',
    });
    expect(readConfiguration({}).ZUORA_ORG_IDS).toBeUndefined();
    expect(readConfiguration({}).ZUORA_AQUA_PARTNER).toBeUndefined();
  });

  test('reads lists and numbers', () => {
    const env = {
      ZUORA_ORG_IDS: ' 8ad0 ,8ad1',
      REVSYNC_API_SHARE: '100',
      REVSYNC_LOOK_BACK_DAYS: '0',
      REVSYNC_LOOK_BACK_EVERY_HOURS: '24',
      ZUORA_AQUA_PARTNER: 'Partner 7',
    };
    expect(readConfiguration(env)).toMatchObject({
      ZUORA_ORG_IDS: ['8ad0', '8ad1'],
      REVSYNC_API_SHARE: 100,
      REVSYNC_LOOK_BACK_DAYS: 0,
      REVSYNC_LOOK_BACK_EVERY_HOURS: 24,
      ZUORA_AQUA_PARTNER: 'Partner 7',
    });
  });

  test.each([
    ['REVSYNC_API_SHARE', '0', 'from 1 to 100'],
    ['REVSYNC_API_SHARE', '101', 'from 1 to 100'],
    ['REVSYNC_API_SHARE', '12.5', 'from 1 to 100'],
    ['REVSYNC_API_SHARE', '50%', 'from 1 to 100'],
    ['REVSYNC_LOOK_BACK_DAYS', '-1', 'from 0 to 36500'],
    ['REVSYNC_LOOK_BACK_DAYS', '99999', 'from 0 to 36500'],
    ['REVSYNC_LOOK_BACK_EVERY_HOURS', 'weekly', 'from 0 to 876000'],
    ['ZUORA_ORG_IDS', 'a,,b', 'commas'],
    ['ZUORA_ORG_IDS', 'a\r\nb: c', 'commas'],
    ['ZUORA_AQUA_PARTNER', 'a\nb', 'printable'],
    ['ZUORA_AQUA_PROJECT', 'x'.repeat(101), 'printable'],
  ])('refuses %s=%j by name', (name, value, why) => {
    const message = mistakes({ [name]: value });
    expect(message).toContain(name);
    expect(message).toContain(why);
  });

  test('names a wrong value once', () => {
    const message = mistakes({ REVSYNC_API_SHARE: 'half' });
    expect(message.match(/REVSYNC_API_SHARE/g)).toHaveLength(1);
  });
});

describe('addresses', () => {
  test.each(['db:1', '127.0.0.1:9464', '[::]:9464', '[2001:db8::1]:7233'])('may be %s', (address) => {
    const env = { REVSYNC_HTTP_ADDRESS: address, TEMPORAL_ADDRESS: address };
    expect(readConfiguration(env)).toMatchObject(env);
  });

  test.each(['::1:9464', '[::1]', '[host]:1', 'http://db:1', 'db'])('may not be %s', (address) => {
    expect(mistakes({ REVSYNC_HTTP_ADDRESS: address })).toContain('REVSYNC_HTTP_ADDRESS has to be host:port');
  });
});

describe('webhooks', () => {
  test.each([
    'https://hooks.example.com/services/a?b=c',
    'http://127.0.0.1:8080/hook',
    'http://localhost/hook',
    'http://[::1]:1/',
  ])('may be at %s', (target) => {
    const env = { REVSYNC_WEBHOOK_URL: target, REVSYNC_ESCALATION_URL: target };
    expect(readConfiguration(env)).toMatchObject(env);
  });

  test.each([
    'http://hooks.example.com/hook',
    'https://user:s3cr3t@hooks.example.com/',
    'ftp://127.0.0.1/s3cr3t',
    'hooks.example.com/s3cr3t',
    'http://127.0.0.1.example.com/s3cr3t',
  ])('may not be at %s, which is not repeated', (target) => {
    for (const name of ['REVSYNC_WEBHOOK_URL', 'REVSYNC_ESCALATION_URL']) {
      const message = mistakes({ [name]: target });
      expect(message).toContain(`${name} has to be a URL that begins with https://`);
      expect(message).not.toContain('s3cr3t');
    }
  });
});
