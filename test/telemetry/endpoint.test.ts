import { request } from 'node:http';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { type Endpoint, startEndpoint, type Told } from '../../src/telemetry/endpoint.ts';
import { isReady, readinessOf } from '../../src/telemetry/readiness.ts';

describe('the endpoint of a worker', () => {
  const running: Endpoint[] = [];
  afterEach(async () => {
    for (const endpoint of running.splice(0)) await endpoint.stop();
  });
  const start = async (told: Partial<Told> = {}, address = '127.0.0.1:0'): Promise<string> => {
    const endpoint = await startEndpoint(address, {
      metrics: async () => 'revsync_database_up 1\n',
      alive: () => true,
      ready: async () => ({ workers: 'ok', database: 'ok', temporal: 'ok' }),
      failed: () => undefined,
      ...told,
    });
    running.push(endpoint);
    return endpoint.url;
  };

  test('answers metrics in the text format of Prometheus', async () => {
    const reply = await fetch(`${await start()}/metrics?name[]=x`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await reply.text()).toBe('revsync_database_up 1\n');
  });

  test('is healthy until a worker failed', async () => {
    let alive = true;
    const url = await start({ alive: () => alive });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    alive = false;
    const reply = await fetch(`${url}/health`);
    expect({ status: reply.status, body: await reply.json() }).toEqual({
      status: 503,
      body: { alive: false },
    });
  });

  test('is ready when everything is, and says what is not', async () => {
    const ready = await fetch(`${await start()}/ready`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ready: true, workers: 'ok', database: 'ok', temporal: 'ok' },
    });
    const url = await start({ ready: async () => ({ workers: 'ok', database: 'down', temporal: 'ok' }) });
    const reply = await fetch(`${url}/ready`);
    expect({ status: reply.status, body: await reply.json() }).toEqual({
      status: 503,
      body: { ready: false, workers: 'ok', database: 'down', temporal: 'ok' },
    });
  });

  test('answers HEAD with the head alone, and refuses other methods and paths', async () => {
    const url = await start();
    const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe('22');
    expect(await head.text()).toBe('');
    const post = await fetch(`${url}/ready`, { method: 'POST', body: '{}' });
    expect(post.status).toBe(405);
    expect(post.headers.get('allow')).toBe('GET, HEAD');
    for (const path of ['/', '/metrics/', '/../metrics', '/%6detrics', '/admin', '//metrics'])
      expect(await statusOf(url, path), path).toBe(404);
  });

  test('says nothing of why it could not tell, but to the log', async () => {
    const failed = vi.fn();
    const url = await start({
      failed,
      metrics: async () => {
        throw new Error('postgres://ann:secret@db');
      },
    });
    const reply = await fetch(`${url}/metrics`);
    expect(reply.status).toBe(500);
    expect(await reply.text()).not.toContain('secret');
    expect(failed).toHaveBeenCalledWith(new Error('postgres://ann:secret@db'));
  });

  test('listens at an IPv6 address, which is written in brackets', async () => {
    const url = await start({}, '[::1]:0');
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('refuses an address that another program has, by name', async () => {
    const url = new URL(await start());
    await expect(start({}, url.host)).rejects.toMatchObject({
      code: 'HTTP_ADDRESS_UNUSABLE',
      message: expect.stringContaining(`${url.host}: another program listens there`),
    });
    await expect(start({}, '127.0.0.1:99999')).rejects.toMatchObject({ code: 'HTTP_ADDRESS_UNUSABLE' });
  });
});

/** A path as it is: fetch would tidy it. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    asked.once('error', reject).end();
  });
}

describe('readinessOf', () => {
  test('takes a check that fails or does not answer for down', async () => {
    const changes = vi.fn<(what: string, reason: string | null) => void>();
    const ready = readinessOf(
      {
        workers: () => 'not polling',
        database: async () => {
          throw new Error('refused');
        },
        temporal: () => new Promise(() => undefined),
        other: () => 'ok',
      },
      changes,
    );
    const readiness = await ready();
    expect(readiness).toEqual({ workers: 'not polling', database: 'down', temporal: 'down', other: 'ok' });
    expect(new Map(changes.mock.calls)).toEqual(
      new Map([
        ['readiness of workers', 'not polling'],
        ['readiness of database', 'refused'],
        ['readiness of temporal', 'no answer within 2000 ms'],
        ['readiness of other', null],
      ]),
    );
    expect(isReady(readiness)).toBe(false);
    expect(isReady({ workers: 'ok' })).toBe(true);
  });
});
