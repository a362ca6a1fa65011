import type { Billing } from '../src/billing/port.ts';
import { homeCurrencyIn } from '../src/domain/settings/home-currency.ts';
import type { SettingRead } from '../src/domain/settings/setting-read.ts';
import { tenantEntities } from '../src/domain/tenancy/records.ts';
import { compareHomeCurrencies } from '../src/store/findings/home-currency.ts';
import { listEntities, recordEntities } from '../src/store/tenancy.ts';
import { tenantNames } from '../src/store/tenant-name.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';

/** How a setting is read; a sync does not go on without it, whatever the reason. */
export type ReadsSetting = (port: Billing, key: string) => Promise<SettingRead>;
const orStop: ReadsSetting = async (port, key) => ({ state: 'told', body: await port.setting(key) });

/** The entities that Billing lists, by their Billing ids. */
export interface ListedIds {
  /** Empty without Multi-entity; null: there are entities, and the list is kept from us now. */
  readonly listed: ReadonlySet<string> | null;
  /** Those that the credentials may not read. */
  readonly unreadable: ReadonlySet<string>;
}

/**
 * Records the tenant's entities as Billing lists them, and finds out whose home currency is another now. Answers the
 * Billing ids of entities that the credentials may not read.
 */
export async function recordTenant(
  deps: Dependencies,
  reads: ReadsSetting = orStop,
): Promise<ReadonlySet<string>> {
  return (await recordListed(deps, reads)).unreadable;
}

/** As `recordTenant`, and answers which entities Billing lists as well. */
export async function recordListed(
  { db, billing, tenant }: Dependencies,
  reads: ReadsSetting = orStop,
): Promise<ListedIds> {
  const port = billing(null, currentOwner().workflowId);
  const billed = await port.entities();
  // Entities that Billing has told of once do not go away: the list may be kept from us.
  if (billed.length === 0 && (await listEntities(db)).some(({ billingId }) => billingId !== null)) {
    return { listed: null, unreadable: new Set() };
  }
  const homeCurrency = billed.length > 0 ? null : homeCurrencyIn(await reads(port, 'fx-currencies'));
  const names = await tenantNames(db, tenant);
  const told = await recordEntities(db, tenantEntities(billed, names, homeCurrency));
  await compareHomeCurrencies(db, told);
  return {
    listed: new Set(billed.map(({ id }) => id)),
    unreadable: new Set(billed.filter(({ readable }) => readable === false).map(({ id }) => id)),
  };
}
