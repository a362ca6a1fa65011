import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Notice } from '../../src/domain/enablement/notice.ts';
import { createNotifier } from '../../src/notices/webhook.ts';

const NOTICE: Notice = {
  event: 'reminder',
  tenant: 'demo',
  step: 5,
  title: 'Step 5 waits',
  text: 'Two custom fields have values.',
  at: '2025-08-01T12:00:00.000Z',
};

interface Call {
  readonly url: string | undefined;
  readonly type: string | undefined;
  readonly body: unknown;
}

describe('a webhook', () => {
  let server: Server;
  let url: string;
  let calls: Call[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeEach(async () => {
    calls = [];
    answer = (_, response) => void response.writeHead(204).end();
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        const { url: called, headers } = request;
        calls.push({ url: called, type: headers['content-type'], body: JSON.parse(text) as unknown });
        answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const notifier = (webhook?: string, escalation?: string) =>
    createNotifier({ webhook, escalation }, { patience: 300 });

  test('gets a notice as JSON', async () => {
    expect(await notifier(`${url}/hook?key=secret`)(NOTICE)).toBe(true);
    expect(calls).toEqual([{ url: '/hook?key=secret', type: 'application/json', body: NOTICE }]);
  });

  test('of escalations is another one, where there is one', async () => {
    const escalation: Notice = { ...NOTICE, event: 'escalation' };
    await notifier(`${url}/usual`, `${url}/urgent`)(escalation);
    await notifier(`${url}/usual`)(escalation);
    await notifier(`${url}/usual`, `${url}/urgent`)(NOTICE);
    expect(calls.map((call) => call.url)).toEqual(['/urgent', '/usual', '/usual']);
    expect(await notifier(undefined, `${url}/urgent`)(NOTICE)).toBe(false);
  });

  test('that is not configured gets nothing', async () => {
    expect(await notifier()(NOTICE)).toBe(false);
    expect(calls).toEqual([]);
  });

  test.each([
    [500, 'answered 500.'],
    [404, 'answered 404.'],
    [302, 'answered 302, a redirect, which is not followed.'],
    [307, 'answered 307, a redirect, which is not followed.'],
  ])('that answers %s failed, and no other host is asked', async (status, what) => {
    answer = (_, response) => void response.writeHead(status, { location: `${url}/elsewhere` }).end();
    await expect(notifier(`${url}/hook?key=secret`)(NOTICE)).rejects.toMatchObject({
      code: 'WEBHOOK_FAILED',
      fate: 'retry',
      message: `The webhook at ${new URL(url).host} ${what}`,
    });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['that does not answer', () => undefined],
    [
      'that answers without end',
      (_: IncomingMessage, response: ServerResponse) => void response.writeHead(200).write('x'),
    ],
  ])('%s is not waited for', async (_what, answers) => {
    answer = answers;
    const began = Date.now();
    await notifier(url)(NOTICE).catch((error: unknown) =>
      expect(error).toMatchObject({ message: `The webhook at ${new URL(url).host} did not answer in time.` }),
    );
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('that cannot be reached tells no more of its URL than its host', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    const failure: unknown = await notifier(`http://${host}/services/secret`)(NOTICE).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'WEBHOOK_FAILED',
      message: `The webhook at ${host} could not be reached (ECONNREFUSED).`,
    });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });
});
