import type { EntityFacts } from '../src/domain/settings/settings-wanted.ts';
import { entityFacts, recordBillingSettings } from '../src/store/settings/billing-settings.ts';
import type { Writer } from '../src/store/settings/setting-changes.ts';
import { invoiceSettlementOf } from '../src/store/tenancy.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';
import { readEntitySettings } from './read-entity-settings.ts';
import { readSetting } from './read-setting.ts';
import { recordTenant } from './record-tenant.ts';

/** An entity whose settings were asked for. */
export interface AskedFacts extends EntityFacts {
  /** Kept from the credentials, so that nothing of it is known. */
  readonly closed: boolean;
}

/** Records the tenant's entities, and what Billing's settings say in each of them; answers the entities in key order. */
export async function recordSettings(deps: Dependencies, writer: Writer): Promise<AskedFacts[]> {
  const { db, billing } = deps;
  const unreadable = await recordTenant(deps, readSetting);
  const entities = (await entityFacts(db)).map((each) => ({
    ...each,
    closed: each.billingId !== null && unreadable.has(each.billingId),
  }));
  for (const each of entities) {
    const settledBefore = (await invoiceSettlementOf(db, each.entity)) === true;
    const port = billing(each.billingId, currentOwner().workflowId);
    const said = await readEntitySettings(port, { ...each, settledBefore });
    await recordBillingSettings(db, { entity: each.entity, ...said }, writer);
  }
  return entities;
}
