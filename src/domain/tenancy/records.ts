import { entityKeys } from './naming.ts';

/** An entity of a Multi-entity tenant, as Billing tells. */
export interface BilledEntity {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly parentId: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
  /** False: Billing does not tell its home currency to these credentials. */
  readonly readable?: boolean;
}

export interface TenantNames {
  /** REVSYNC_TENANT: the key of a one-entity tenant's entity. */
  readonly tenant: string;
  /** REVSYNC_TENANT_NAME, or null: then the key stands in. */
  readonly tenantName: string | null;
}

/** An entity as revsync keeps it, and the organisation it belongs to until somebody maps it otherwise. */
export interface TenantEntity {
  readonly entity: string;
  readonly org: string;
  readonly billingId: string | null;
  readonly entityName: string;
  readonly displayName: string;
  readonly parent: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
}

/**
 * The tenant's entities. Without Multi-entity there is one, named like the tenant ("populated with the name
 * of the tenant", invoice item data mapping), in organisation `default`; with it, each entity is its
 * own organisation, and takes its parent's home currency when it has none (design 9 (24)).
 */
export function tenantEntities(
  billed: readonly BilledEntity[],
  { tenant, tenantName }: TenantNames,
  homeCurrency: string | null,
): TenantEntity[] {
  if (billed.length === 0) {
    const name = tenantName ?? tenant;
    return [
      {
        entity: tenant,
        org: 'default',
        billingId: null,
        entityName: name,
        displayName: name,
        parent: null,
        timezone: null,
        homeCurrency,
      },
    ];
  }
  const keys = entityKeys(billed);
  const byId = new Map(billed.map((entity) => [entity.id, entity]));
  return billed.map((entity) => {
    const parent = entity.parentId === null ? undefined : byId.get(entity.parentId);
    const key = keys.get(entity.id) ?? entity.id;
    return {
      entity: key,
      org: key,
      billingId: entity.id,
      entityName: entity.name,
      displayName: entity.displayName,
      parent: parent === undefined ? null : (keys.get(parent.id) ?? null),
      timezone: entity.timezone,
      homeCurrency: homeCurrencyOf(entity, byId),
    };
  });
}

/** Its own, else that of the nearest entity above it that has one; null where one on the way may not be read. */
function homeCurrencyOf(entity: BilledEntity, byId: ReadonlyMap<string, BilledEntity>): string | null {
  const seen = new Set<string>();
  for (let each: BilledEntity | undefined = entity; each !== undefined && !seen.has(each.id);) {
    if (each.homeCurrency !== null) return each.homeCurrency;
    // A guess would stay: a home currency once taken is never changed.
    if (each.readable === false) return null;
    seen.add(each.id);
    each = each.parentId === null ? undefined : byId.get(each.parentId);
  }
  return null;
}
