import { type TenantEntity, tenantEntities } from '../../domain/tenancy/records.ts';
import { recordEntities } from '../../store/tenancy.ts';
import { entityRecords } from '../../store/tenancy/entity-records.ts';
import { tenantNames } from '../../store/tenant-name.ts';
import type { BillingSession } from '../session.ts';

/**
 * Records the entities that Billing lists now, and answers those as they are recorded: under the keys and in the
 * organisations that they have here.
 */
export async function readEntities({
  database: { db },
  billing: { billing },
  configuration,
}: Pick<BillingSession, 'database' | 'billing' | 'configuration'>): Promise<TenantEntity[]> {
  await billing.signIn();
  const billed = await billing.entities();
  const known = await entityRecords(db);
  const told = known.filter(({ billingId }) => billingId !== null);
  // Entities that Billing has told of once do not go away: the list may be kept from these credentials.
  if (billed.length === 0 && told.length > 0) return told;
  const names = await tenantNames(db, {
    tenant: configuration.REVSYNC_TENANT,
    tenantName: configuration.REVSYNC_TENANT_NAME ?? null,
  });
  // The home currency of a tenant without Multi-entity is the sync's to read.
  const listed = tenantEntities(billed, names, null);
  await recordEntities(db, listed);
  const ids = new Set(billed.map(({ id }) => id));
  return (await entityRecords(db)).filter(({ entity, billingId }) =>
    billingId === null ? entity === names.tenant && ids.size === 0 : ids.has(billingId),
  );
}
