import { fewAtATime } from '../../../activities/few-at-a-time.ts';
import type { Billing, BillingEntity } from '../../billing/port.ts';
import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import type { Access, ApiAccess } from '../../domain/features/access.ts';
import { FEATURES } from '../../domain/features/features.ts';
import { judge } from '../../domain/features/judge.ts';
import { tenantEntities, type TenantEntity, type TenantNames } from '../../domain/tenancy/records.ts';
import { type Alike, alike } from './alike.ts';
import { asked } from './asking.ts';
import { apiRows, type BillingReport, type EntityAccess, entityRow, objectRows } from './billing-report.ts';
import { createPatience, type Patience } from './patience.ts';
import { probeApis } from './probe-apis.ts';
import { probeDataQuery } from './probe-data-query.ts';
import { probeObjects } from './probe-objects.ts';

/** More are listed, and not looked at: they tend to be alike. */
const MOST_ENTITIES = 20;
const ENTITIES_AT_ONCE = 2;
const PRICES = 'ChargeContractualValueAllCharges';

/** Billing in the name of its entities. */
export type BillingOfEntities = Billing & { forEntity(id: string | null): Billing };

/**
 * Asks Billing what the credentials may do, in each entity, and judges every feature by that. Reads only, and
 * ends: what is refused, or takes too long, is a row of the report.
 */
export async function examineBilling(
  billing: BillingOfEntities,
  names: TenantNames,
  patience: Patience = createPatience({ each: 30_000, all: 180_000 }),
): Promise<BillingReport> {
  const { known, access: entities } = await probeEntities(billing, names, patience);
  const examined = await fewAtATime(ENTITIES_AT_ONCE, known.slice(0, MOST_ENTITIES), async (entity) => {
    const found = await accessOf(billing.forEntity(entity.billingId), patience, entities);
    return { ...found, row: entityRow(entity, found) };
  });
  const reached = examined.filter(({ row }) => row.access === 'ok');
  const rows = <Row>(of: (access: Access) => readonly Row[]): Alike<Row>[] =>
    alike(reached.map(({ row, access }) => ({ entity: row.key, rows: of(access) })));
  return {
    entities: [
      ...examined.map(({ row }) => row),
      ...known.slice(MOST_ENTITIES).map((entity) => entityRow(entity, null)),
    ],
    objects: rows(objectRows),
    apis: rows(apiRows),
    features: rows((access) => FEATURES.map((feature) => judge(feature, access))),
  };
}

async function probeEntities(
  billing: Billing,
  names: TenantNames,
  patience: Patience,
): Promise<{ known: readonly TenantEntity[]; access: ApiAccess }> {
  let billed: readonly BillingEntity[] = [];
  const access = await asked(
    patience,
    () => billing.entities(),
    (found) => {
      billed = found;
      if (found.length > 0) return `${found.length} entities`;
      return { state: 'absent', detail: 'no Multi-entity' };
    },
  );
  return { known: tenantEntities(billed, names, null), access };
}

async function accessOf(billing: Billing, patience: Patience, entities: ApiAccess): Promise<EntityAccess> {
  const [{ objects, export: exportAccess }, { apis, homeCurrency }] = await Promise.all([
    probeObjects(billing, patience),
    probeApis(billing, patience),
  ]);
  const windowed = CATALOGUE.filter(({ kind, deletes }) => kind === 'transaction' && deletes);
  const untold = windowed.some(({ name }) => objects.get(name)?.deletedColumn === false);
  const noExport = exportAccess.state !== 'ok';
  const dataQuery = await probeDataQuery(billing, patience, {
    prices: noExport || objects.get(PRICES)?.fields.has('Amount') !== true,
    deletes: noExport || untold,
  });
  return {
    access: {
      objects,
      apis: { ...apis, ...dataQuery.apis, export: exportAccess, entities },
      customObjects: dataQuery.customObjects,
    },
    homeCurrency,
  };
}
