import type { LackedPermission, ReadinessFeature, ReadinessSetting } from '../../domain/readiness/report.ts';
import type { TenantEntity, TenantNames } from '../../domain/tenancy/records.ts';
import type { BillingAccess } from '../billing-access.ts';
import type { BillingReport } from '../doctor/billing-report.ts';
import { examineBilling } from '../doctor/examine-billing.ts';
import { type KeyOf, knownOf, lackedPermissions } from './lacked-permissions.ts';
import { readLiveSettings } from './live-settings.ts';

/** What Billing says now, of the entities that whoever asks may see. */
export interface LiveBilling {
  readonly settings: readonly ReadinessSetting[];
  readonly features: readonly ReadinessFeature[];
  readonly permissions: readonly LackedPermission[];
  readonly access: (entity: string, object: string) => 'ok' | 'absent' | 'refused' | 'unknown' | null;
}

/** Asks Billing for its settings and for what the credentials may do; reads only. */
export async function askBilling(
  { billing }: Pick<BillingAccess, 'billing'>,
  entities: readonly Pick<TenantEntity, 'entity' | 'billingId' | 'homeCurrency'>[],
  names: TenantNames,
): Promise<LiveBilling> {
  await billing.signIn();
  const settings: ReadinessSetting[] = [];
  const features: ReadinessFeature[] = [];
  for (const entity of entities) {
    const said = await readLiveSettings(billing.forEntity(entity.billingId), entity);
    settings.push(...said.settings);
    features.push(...said.features);
  }
  const report = await examineBilling(billing, names);
  const keyOf = keysByExamined(report, entities);
  return {
    settings,
    features,
    permissions: lackedPermissions(report, keyOf),
    access: accessIn(report, keyOf),
  };
}

/** Billing's list may spell the keys of entities otherwise than they are known here; their ids do not differ. */
function keysByExamined(
  { entities: examined }: BillingReport,
  known: readonly Pick<TenantEntity, 'entity' | 'billingId'>[],
): KeyOf {
  const keys = new Map(
    examined.map(({ key, id }) => [key, known.find(({ billingId }) => billingId === id)?.entity]),
  );
  return (key) => keys.get(key);
}

function accessIn({ objects }: BillingReport, keyOf: KeyOf): LiveBilling['access'] {
  const found = new Map(
    objects.flatMap(({ object, access, entities }) =>
      knownOf(entities, keyOf).map((entity) => [`${entity} ${object}`, access] as const),
    ),
  );
  return (entity, object) => found.get(`${entity} ${object}`) ?? null;
}
