import { request } from 'undici';

/** A client that is not ours: it sends what it is told, in the headers of the contract's session. */
export interface PlainClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  /** Asks until the answer is as wanted. */
  until<Answer>(path: string, wanted: (answer: Answer) => boolean): Promise<Answer>;
  /** Without a token, as addresses of results are read. */
  download(address: string): Promise<Buffer>;
}

const FORM = 'client_id=sandbox&client_secret=sandbox&grant_type=client_credentials';

export async function signInPlainly(url: string): Promise<PlainClient> {
  const type = 'application/x-www-form-urlencoded';
  const signedIn = await request(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: FORM,
  });
  const { access_token: token } = (await signedIn.body.json()) as { access_token: string };
  const session = {
    authorization: `Bearer ${token}`,
    'zuora-version': '2025-08-12',
    'zuora-track-id': 'another-client',
    'zuora-org-ids': 'org-1',
  };
  const get = async (path: string): Promise<unknown> => {
    const { body, headers } = await request(url + path, { headers: session });
    return /json/.test(String(headers['content-type'])) ? body.json() : body.text();
  };
  return {
    get,
    async post(path, body) {
      const headers = { ...session, 'content-type': 'application/json' };
      return (await request(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).body.json();
    },
    async until<Answer>(path: string, wanted: (answer: Answer) => boolean) {
      for (;;) {
        const answer = (await get(path)) as Answer;
        if (wanted(answer)) return answer;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    download: async (address) => Buffer.from(await (await request(address)).body.arrayBuffer()),
  };
}
