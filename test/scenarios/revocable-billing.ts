import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Billing whose administrator can take the credentials away. */
export interface RevocableBilling {
  readonly url: string;
  /** From the first call on whose `METHOD path` contains `call`, tokens and credentials are refused. */
  revokeAt(call: string): void;
  restore(): void;
  close(): Promise<void>;
}

/** Stands between revsync and the sandbox at `url`. */
export async function startRevocableBilling(url: string): Promise<RevocableBilling> {
  let trigger: string | null = null;
  let revoked = false;
  const server = createServer((incoming, response) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    revoked ||= trigger !== null && `${method} ${path}`.includes(trigger);
    if (revoked) return refuse(response, path);
    const onward = request(new URL(path, url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    revokeAt(call) {
      trigger = call;
    },
    restore() {
      trigger = null;
      revoked = false;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, path: string): void {
  const body = path.startsWith('/oauth')
    ? { status: 401, error: 'Unauthorized', message: 'Invalid client id or client secret' }
    : { success: false, reasons: [{ code: 90000011, message: 'Please sign in first.' }] };
  response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
