import { readCsv } from '../../../src/billing/sandbox/csv-read.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/billing/sandbox/server.ts';
import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { type Tenant } from '../../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';

export interface JobReply {
  readonly id: string;
  readonly status: string;
  readonly errorCode?: string;
  readonly message?: string;
  readonly batches: readonly {
    name: string;
    status: string;
    fileId?: string;
    segments?: readonly string[];
    recordCount: number;
    full: boolean;
  }[];
}

export interface Client extends Sandbox {
  /** Signed in, with the body as JSON. */
  call(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  /** Runs a job of one query to its end. */
  run(query: string, more?: Record<string, unknown>, ofQuery?: Record<string, unknown>): Promise<JobReply>;
  /** The rows of a query by header. */
  rows(
    query: string,
    more?: Record<string, unknown>,
    ofQuery?: Record<string, unknown>,
  ): Promise<Record<string, string>[]>;
}

export const QUICK = { useQueryLabels: true, dateTimeUtc: true };

/** A sandbox for a test: quick jobs, nothing printed. */
export async function sandboxOf(
  tenant: string | Tenant,
  options: Partial<SandboxOptions> & { headers?: Record<string, string> } = {},
): Promise<Client> {
  const made = typeof tenant === 'string' ? generateTenant(parseTenantSpec(tenant)) : tenant;
  const sandbox = await startSandbox({ tenant: made, report: () => {}, jobDelay: 10, ...options });
  const token = await signIn(sandbox.url);
  const call: Client['call'] = (path, init = {}) =>
    fetch(`${sandbox.url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${token}`,
        ...options.headers,
        ...(init.headers as Record<string, string>),
      },
    });
  return { ...sandbox, ...callsOf(call) };
}

/** What a client can do once it can call. */
export function callsOf(call: Client['call']): Pick<Client, 'call' | 'post' | 'run' | 'rows'> {
  const post: Client['post'] = (path, body) =>
    call(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  const run: Client['run'] = async (query, more = {}, ofQuery = {}) => {
    const queries = [{ name: 'query', type: 'zoqlexport', query, ...ofQuery }];
    const request = {
      format: 'csv',
      version: '1.1',
      name: 'test',
      encrypted: 'none',
      ...QUICK,
      ...more,
      queries,
    };
    let job = (await (await post('/v1/batch-query/', request)).json()) as JobReply;
    while (['submitted', 'executing'].includes(job.status)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      job = (await (await call(`/v1/batch-query/jobs/${job.id}`)).json()) as JobReply;
    }
    return job;
  };
  const rows: Client['rows'] = async (query, more, ofQuery) => {
    const job = await run(query, more, ofQuery);
    const file = await call(`/v1/file/${job.batches[0]?.fileId}`);
    return parsed(Buffer.from(await file.arrayBuffer()));
  };
  return { call, post, run, rows };
}

export async function signIn(url: string, secret = 'sandbox'): Promise<string> {
  const body = new URLSearchParams({
    client_id: 'sandbox',
    client_secret: secret,
    grant_type: 'client_credentials',
  });
  const reply = await fetch(`${url}/oauth/token`, { method: 'POST', body });
  return ((await reply.json()) as { access_token: string }).access_token;
}

/** CSV with a header as records. */
export async function parsed(file: Buffer): Promise<Record<string, string>[]> {
  const records: Record<string, string>[] = [];
  let header: readonly string[] | undefined;
  for await (const { cells } of readCsv(chunksOf(file))) {
    if (header === undefined) header = cells;
    else records.push(Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
  }
  return records;
}

/** In pieces of an awkward size. */
export async function* chunksOf(file: Buffer, size = 7): AsyncGenerator<Buffer> {
  const piece = file.length > 10_000 ? 4_999 : size;
  for (let at = 0; at < file.length; at += piece) yield file.subarray(at, at + piece);
}
