import type { TenantEntity } from '../src/domain/tenancy/records.ts';
import { entityRecords } from '../src/store/tenancy/entity-records.ts';
import type { Dependencies } from './dependencies.ts';
import { type ReadsSetting, recordListed } from './record-tenant.ts';

/** An entity as it is recorded, under the key and in the organisation that it has here. */
export interface ListedEntity extends TenantEntity {
  /** False: these credentials may not read it. */
  readonly readable: boolean;
}

/** Records the tenant's entities and answers those that Billing lists now; without Multi-entity, the one that there is. */
export async function listedEntities(deps: Dependencies, reads?: ReadsSetting): Promise<ListedEntity[]> {
  const { listed, unreadable } = await recordListed(deps, reads);
  const isListed = ({ entity, billingId }: TenantEntity): boolean => {
    if (billingId === null) return listed?.size === 0 && entity === deps.tenant.tenant;
    return listed?.has(billingId) ?? true;
  };
  return (await entityRecords(deps.db))
    .filter(isListed)
    .map((each) => ({ ...each, readable: each.billingId === null || !unreadable.has(each.billingId) }));
}
