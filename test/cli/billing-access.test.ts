import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, onTestFinished, test } from 'vitest';

import { openBilling, statefulMode } from '../../src/cli/billing-access.ts';
import { readConfiguration } from '../../src/cli/configuration.ts';

const TOKEN = { access_token: 'a-token', token_type: 'bearer', expires_in: 3600 };

/** What a server hears of one call under this environment. */
async function headersUnder(env: Record<string, string>): Promise<IncomingHttpHeaders> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(TOKEN));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { billing } = openBilling(url, readConfiguration(env));
  onTestFinished(async () => {
    await billing.close();
    await new Promise((resolve) => server.close(resolve));
  });
  await billing.setting('billing-rules');
  return heard.at(-1) ?? {};
}

describe('openBilling', () => {
  test('pins the version, so that the oldest never answers', async () => {
    expect(await headersUnder({})).toMatchObject({ 'zuora-version': '2025-08-12' });
    expect(await headersUnder({ ZUORA_VERSION: '196.0' })).toMatchObject({ 'zuora-version': '196.0' });
  });

  test('speaks for the organisations that are configured', async () => {
    expect(await headersUnder({ ZUORA_ORG_IDS: 'a, b' })).toMatchObject({ 'zuora-org-ids': 'a,b' });
    expect((await headersUnder({}))['zuora-org-ids']).toBeUndefined();
  });

  test('keeps to the window that is configured', async () => {
    const env = {
      REVSYNC_LAG_SECONDS: '60',
      REVSYNC_LOOK_BACK_DAYS: '7',
      REVSYNC_LOOK_BACK_EVERY_HOURS: '0',
    };
    const { billing, windowPolicy } = openBilling('http://127.0.0.1:1', readConfiguration(env));
    expect(await windowPolicy()).toEqual({
      lagSeconds: 60,
      overlapSeconds: 900,
      lookBackDays: 7,
      lookBackEveryHours: 0,
    });
    await billing.close();
  });
});

describe('statefulMode', () => {
  test('needs a partner id; the project has a name of ours', () => {
    expect(statefulMode(readConfiguration({}))).toBeNull();
    expect(statefulMode(readConfiguration({ ZUORA_AQUA_PROJECT: 'x' }))).toBeNull();
    expect(statefulMode(readConfiguration({ ZUORA_AQUA_PARTNER: 'p' }))).toEqual({
      partner: 'p',
      project: 'revsync',
    });
  });
});
