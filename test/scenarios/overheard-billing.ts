import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A Billing whose callers are listened to. */
export interface OverheardBilling {
  readonly url: string;
  /** `METHOD path body` of every call so far. */
  readonly calls: readonly string[];
  /** Passes on to another address from now on. */
  moveTo(url: string): void;
  close(): Promise<void>;
}

/** Stands between revsync and the sandbox at `url`; passes on, and writes down what is asked. */
export async function startOverheardBilling(url: string): Promise<OverheardBilling> {
  const calls: string[] = [];
  let target = url;
  const server = createServer((incoming, response) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    void buffer(incoming).then((body) => {
      calls.push(`${method} ${path} ${body.toString('utf8')}`);
      // The host stays this one, so that the addresses in answers lead back here.
      const onward = request(new URL(path, target), { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.once('error', () => response.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    moveTo: (other) => void (target = other),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
