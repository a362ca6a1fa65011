import { describe, expect, test } from 'vitest';

import { fakeClock } from './fake-clock.ts';
import { CLIENT_ID, CLIENT_SECRET, failure, reply, stubBilling, tokens } from './stub-server.ts';

const SETTING = 'GET /settings/billing-rules';

describe('the token', () => {
  test('is asked for once, by a form without an auth header, and used again', async () => {
    const { billing, to } = await stubBilling({ [SETTING]: reply(200, {}) });
    await billing.setting('billing-rules');
    await billing.setting('billing-rules');

    const [call, ...more] = to('/oauth/token');
    expect(more).toEqual([]);
    expect(call?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(call?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: 'client_credentials',
    });
    expect(to('/settings/billing-rules').map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1-0123456789',
      'Bearer token-1-0123456789',
    ]);
  });

  test('is asked for once by calls that come together, also from another entity', async () => {
    const { billing, to } = await stubBilling({ [SETTING]: reply(200, {}) });
    const views = [billing, billing.forEntity('0'.repeat(32)), billing.withTrackId('run')];
    await Promise.all(
      views.flatMap((view) => [view.setting('billing-rules'), view.setting('billing-rules')]),
    );
    expect(to('/oauth/token')).toHaveLength(1);
  });

  test('is renewed a minute before its end', async () => {
    let clock = 0;
    const { billing, to } = await stubBilling(
      { 'POST /oauth/token': tokens(3600), [SETTING]: reply(200, {}) },
      { now: () => clock },
    );
    await billing.setting('billing-rules');
    clock = 3_539_000;
    await billing.setting('billing-rules');
    expect(to('/oauth/token')).toHaveLength(1);
    clock = 3_541_000;
    await billing.setting('billing-rules');
    expect(to('/oauth/token')).toHaveLength(2);
  });

  test('that lives less than two minutes is still used for half its life', async () => {
    const { billing, to } = await stubBilling({ 'POST /oauth/token': tokens(30), [SETTING]: reply(200, {}) });
    await billing.setting('billing-rules');
    await billing.setting('billing-rules');
    expect(to('/oauth/token')).toHaveLength(1);
  });

  test('is renewed once when refused, and the call repeated', async () => {
    const { billing, to } = await stubBilling({
      [SETTING]: [reply(401, { message: 'Authentication error' }), reply(200, { prorate: true })],
    });
    expect(await billing.setting('billing-rules')).toEqual({ prorate: true });
    expect(to('/settings/billing-rules').map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1-0123456789',
      'Bearer token-2-0123456789',
    ]);
  });

  test('is renewed too when the refusal hides behind HTTP 200', async () => {
    const refused = { success: false, reasons: [{ code: 90000011, message: 'sign in first' }] };
    const { billing, to } = await stubBilling({ [SETTING]: [reply(200, refused), reply(200, {})] });
    expect(await billing.setting('billing-rules')).toEqual({});
    expect(to('/oauth/token')).toHaveLength(2);
  });

  test('is renewed once for many calls that were refused together', async () => {
    const { billing, to } = await stubBilling({
      [SETTING]: (call, response) => {
        const old = call.headers.authorization?.includes('token-1') === true;
        setTimeout(() => reply(old ? 401 : 200, {})(call, response), 20);
      },
    });
    await Promise.all([1, 2, 3, 4].map(() => billing.setting('billing-rules')));
    expect(to('/oauth/token')).toHaveLength(2);
  });

  test.each([
    ['by status', 403, {}],
    ['by code', 200, { success: false, reasons: [{ code: 50000010, message: 'no' }] }],
  ])('that lacks a permission, %s, is used for a minute at most', async (_how, status, body) => {
    let now = 0;
    const { billing, to } = await stubBilling({ [SETTING]: reply(status, body) }, { now: () => now });
    const ask = async () => void (await failure(billing.setting('billing-rules')));
    await ask();
    now = 59_000;
    await ask();
    expect(to('/oauth/token')).toHaveLength(1);
    now = 61_000;
    await ask();
    await ask();
    expect(to('/oauth/token')).toHaveLength(2);
  });

  test('refused twice is a matter of credentials', async () => {
    const { billing, to } = await stubBilling({ [SETTING]: reply(401, { message: 'no' }) });
    const error = await failure(billing.setting('billing-rules'));
    expect(error).toMatchObject({ code: 'BILLING_CREDENTIALS_REFUSED', fate: 'fix-input' });
    expect(to('/settings/billing-rules')).toHaveLength(2);
  });

  test.each([400, 401, 403])('refused with %i names the variables and not their values', async (status) => {
    const echo = { reason: `Invalid client ${CLIENT_ID} with ${CLIENT_SECRET}`, message: CLIENT_SECRET };
    const { billing } = await stubBilling({ 'POST /oauth/token': reply(status, echo) });
    const error = await failure(billing.signIn());
    expect(error).toMatchObject({ code: 'BILLING_CREDENTIALS_REFUSED', fate: 'fix-input' });
    expect(error.remedy).toMatch(/ZUORA_CLIENT_ID.*ZUORA_CLIENT_SECRET/);
    expect(error.context).toEqual({ method: 'POST', path: '/oauth/token', status, zuoraRequestId: 'req-1' });
  });

  test('asked for too often says how long to wait, and the next call asks again, not before', async () => {
    const clock = fakeClock();
    const { billing, to } = await stubBilling(
      {
        'POST /oauth/token': [reply(429, { message: CLIENT_SECRET }, { 'retry-after': '7' }), tokens()],
      },
      { clock },
    );
    const error = await failure(billing.signIn());
    expect(error).toMatchObject({ code: 'BILLING_RATE_LIMITED', fate: 'retry', retryAfter: 7000 });
    const again = billing.signIn();
    await clock.advance(6_999);
    expect(to('/oauth/token')).toHaveLength(1);
    await clock.advance(1_000);
    await again;
  });

  test('in a reply that is none is an unexpected reply', async () => {
    const { billing } = await stubBilling({ 'POST /oauth/token': reply(200, { token: 'x', expires_in: 5 }) });
    const error = await failure(billing.signIn());
    expect(error).toMatchObject({ code: 'BILLING_REPLY_UNEXPECTED', context: { places: 'access_token' } });
    expect(error.context['keys']).toBe('token,expires_in');
  });

  test('is fetched anew by signIn, which proves the credentials', async () => {
    const { billing, to } = await stubBilling({});
    await billing.signIn();
    await billing.signIn();
    expect(to('/oauth/token')).toHaveLength(2);
  });
});
