import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import { CATALOGUE } from '../../src/domain/catalogue/catalogue.ts';
import type { Rows } from './sync-rows.ts';

type Row = Rows[string][number];

/** The rows of a generated tenant, by object. */
export function generatedRows(spec: string): Record<string, Row[]> {
  const tenant = generateTenant(parseTenantSpec(spec));
  const known = new Set(CATALOGUE.map(({ name }) => name));
  const rows: Record<string, Row[]> = {};
  for (const [object, row] of tenant.scan(tenant.objects) as Iterable<readonly [string, Row]>) {
    if (known.has(object)) (rows[object] ??= []).push(row);
  }
  return rows;
}
