import { createHash } from 'node:crypto';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { type SandboxOptions, startSandbox } from '../../../src/billing/sandbox/server.ts';
import type { ObjectRow, Tenant } from '../../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import {
  type BillingConfig,
  type ConnectedBilling,
  connectBilling,
} from '../../../src/billing/rest/billing.ts';
import type { SessionRules } from './check-headers.ts';
import { ADAPTER_CALLS, OTHER_CALLS } from './every-call.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/** The sandbox, the proxy before it, and adapters that call the proxy. */
export interface Stage {
  readonly proxy: RecordingProxy;
  connect(config?: Partial<BillingConfig>): ConnectedBilling;
  /** Makes the sandbox fail, past the proxy. */
  fault(body: Readonly<Record<string, unknown>>): Promise<void>;
  /** Takes all faults away. */
  repair(): Promise<void>;
  /** Changes what the sandbox has, past the proxy. */
  change(body: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
}

const VERSION = '2025-08-12';

/** `spec` as `sandbox --generate` takes it. */
export async function setStage(spec: string, options: Partial<SandboxOptions> = {}): Promise<Stage> {
  const tenant = withManyProducts(generateTenant(parseTenantSpec(spec)));
  const sandbox = await startSandbox({ tenant, report: () => {}, jobDelay: 10, ...options });
  const multiEntity = tenant.entities.length > 0;
  const rules: SessionRules = { multiEntity, version: VERSION, trackId: true, orgIds: true };
  const proxy = await startRecordingProxy(sandbox.url, [...ADAPTER_CALLS, ...OTHER_CALLS], rules);
  const opened: ConnectedBilling[] = [];
  const control = async (what: string, body: unknown): Promise<void> => {
    const reply = await fetch(`${sandbox.url}/__sandbox/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`the sandbox refused ${what}: ${await reply.text()}`);
  };

  return {
    proxy,
    connect(config = {}) {
      const billing = connectBilling({
        baseUrl: proxy.url,
        clientId: 'sandbox',
        clientSecret: 'sandbox',
        version: VERSION,
        trackId: `revenue-sync/demo: "it's"; é${'x'.repeat(80)}`,
        orgIds: ['org-1', 'org-2'],
        ...config,
      });
      opened.push(billing);
      return billing;
    },
    async repair() {
      await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'DELETE' });
    },
    fault: (body) => control('faults', body),
    change: (body) => control('changes', body),
    async stop() {
      await Promise.all(opened.map((billing) => billing.close()));
      await proxy.stop();
      await sandbox.stop();
    },
  };
}

/** The four products of a generated tenant fifteen times over: enough for a second page. */
function withManyProducts(tenant: Tenant): Tenant {
  function* copies(rows: Iterable<ObjectRow>): Generator<ObjectRow> {
    for (const [object, row] of rows) {
      yield [object, row];
      if (object !== 'Product') continue;
      for (let copy = 1; copy < 15; copy += 1) {
        const Id = createHash('md5').update(`${row['Id']} ${copy}`).digest('hex');
        yield [object, { ...row, Id, Name: `${row['Name']} ${copy}` }];
      }
    }
  }
  const scan: Tenant['scan'] = (objects, scope) => copies(tenant.scan(objects, scope) as Iterable<ObjectRow>);
  return {
    ...tenant,
    scan,
    *rows(object, scope) {
      for (const [, row] of scan([object], scope) as Iterable<ObjectRow>) yield row;
    },
  };
}
