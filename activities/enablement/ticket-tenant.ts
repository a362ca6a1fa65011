import type { TicketTenant } from '../../src/domain/enablement/ticket.ts';
import { tenantName } from '../../src/store/tenant-name.ts';
import type { Dependencies } from '../dependencies.ts';
import { listedEntities } from '../listed-entities.ts';
import { readSetting } from '../read-setting.ts';

/** The tenant as a ticket tells it. `told`: how somebody called it in this enablement. */
export async function ticketTenant(deps: Dependencies, told: string | null): Promise<TicketTenant> {
  // A setting that may not be read keeps nobody from writing a ticket.
  const listed = await listedEntities(deps, readSetting);
  const { tenant: key, tenantName: configured } = deps.tenant;
  return {
    key,
    name: configured ?? told ?? (await tenantName(deps.db)) ?? key,
    entities: listed.filter(({ billingId }) => billingId !== null),
  };
}
