import { generateTenant } from '../billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../billing/sandbox/server.ts';
import { DEFAULT_SPEC } from '../billing/sandbox/tenant-spec.ts';
import type { Report } from '../servers/report.ts';

/** The sandbox over the demo tenant, for whoever has no Billing yet. */
export async function startDemoSandbox(report: Report) {
  const sandbox = await startSandbox({ tenant: generateTenant(DEFAULT_SPEC), report });
  report(`Billing is the sandbox at ${sandbox.url}: a generated tenant, not a real one.`);
  return sandbox;
}
