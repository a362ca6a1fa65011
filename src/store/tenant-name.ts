import { sql } from 'kysely';

import type { TenantNames } from '../domain/tenancy/records.ts';
import type { Db } from './database.ts';
import { alone, noteChanges } from './settings/setting-changes.ts';

/** The tenant's name as the enablement was told it; null: it was not. REVSYNC_TENANT_NAME goes before it. */
export async function tenantName(db: Db): Promise<string | null> {
  const row = await db.selectFrom('control.tenant_name').select('name').executeTakeFirst();
  return row?.name ?? null;
}

/** How the tenant is called: as it is configured, else as the enablement was told. */
export async function tenantNames(db: Db, configured: TenantNames): Promise<TenantNames> {
  return { ...configured, tenantName: configured.tenantName ?? (await tenantName(db)) };
}

/** Remembers what the enablement was told; the next run takes it over. What is collected keeps the name it has. */
export async function rememberTenantName(db: Db, name: string, by: string): Promise<void> {
  await alone(db, async (trx) => {
    const before = await tenantName(trx);
    if (before === name) return;
    await trx
      .insertInto('control.tenant_name')
      .values({ name, changed_by: by, changed_at: sql<string>`clock_timestamp()` })
      .onConflict((conflict) =>
        conflict
          .column('single')
          .doUpdateSet({ name, changed_by: by, changed_at: sql<string>`clock_timestamp()` }),
      )
      .execute();
    const change = {
      kind: 'tenant-name',
      name: 'tenant',
      code: null,
      entity: null,
      org: null,
      before,
      after: name,
      reason: 'the enablement was told it',
    } as const;
    await noteChanges(trx, [change], { by, workflowRun: null });
  });
}
