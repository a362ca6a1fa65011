import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import { type Account, type Ground, makeAccount } from './generate/account.ts';
import { parseDay } from './generate/days.ts';
import { idsOf } from './generate/dice.ts';
import { accountRows, contactRows, contactSnapshotRows } from './generate/rows/account-rows.ts';
import { CATALOGUE_ROWS } from './generate/rows/catalogue-rows.ts';
import { ratePlanChargeRows, ratePlanChargeTierRows } from './generate/rows/charge-rows.ts';
import {
  adjustmentRows,
  creditBalanceAdjustmentRows,
  memoItemRows,
  memoRows,
} from './generate/rows/correction-rows.ts';
import { PROJECT_CODE, projectCodeRows } from './generate/rows/custom-object-rows.ts';
import { exchangeRateRows } from './generate/rows/exchange-rate-rows.ts';
import { invoiceItemRows, invoiceRows } from './generate/rows/invoice-rows.ts';
import {
  amendmentRows,
  orderActionRows,
  orderRows,
  ratePlanRows,
  subscriptionRows,
} from './generate/rows/subscription-rows.ts';
import { chargeValueRows, discountValueRows } from './generate/rows/value-rows.ts';
import { SETTINGS } from './generate/settings.ts';
import { type ObjectRow, type Row, type Scope, type Tenant, type TenantEntity } from './tenant.ts';
import { type TenantSpec, specText } from './tenant-spec.ts';

/** Rows of an account, by object; the objects that are not here or in the catalogue have none. */
const ACCOUNT_ROWS: Readonly<Record<string, (account: Account) => Iterable<Row>>> = {
  Account: accountRows,
  Contact: contactRows,
  ContactSnapshot: contactSnapshotRows,
  Order: orderRows,
  OrderAction: orderActionRows,
  Amendment: amendmentRows,
  Subscription: subscriptionRows,
  RatePlan: ratePlanRows,
  RatePlanCharge: ratePlanChargeRows,
  RatePlanChargeTier: ratePlanChargeTierRows,
  ChargeContractualValueAllCharges: chargeValueRows,
  DiscountContractualValues: discountValueRows,
  Invoice: invoiceRows,
  InvoiceItem: invoiceItemRows,
  InvoiceItemAdjustment: adjustmentRows,
  CreditBalanceAdjustment: creditBalanceAdjustmentRows,
  CreditMemo: (account) => memoRows(account, 'Credit'),
  CreditMemoItem: (account) => memoItemRows(account, 'Credit'),
  DebitMemo: (account) => memoRows(account, 'Debit'),
  DebitMemoItem: (account) => memoItemRows(account, 'Debit'),
  [PROJECT_CODE.name]: projectCodeRows,
};

const MEMOS = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'];
const CONTRACTUAL_VALUES = 'ChargeContractualValueAllCharges';

const CUSTOM_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Account: ['Region__c'],
  InvoiceItem: ['CostCentre__c'],
  RatePlanCharge: ['Region__c'],
  Subscription: ['ProjectCode__c'],
};

const ITEMS_PER_ACCOUNT = 40;
const SMALL = 20_000;

/**
 * A tenant made by chance that is the same every time: each account follows from the spec and its
 * number alone, so nothing is kept and a million invoice items cost no memory.
 */
export function generateTenant(spec: TenantSpec): Tenant {
  const { items, seed, currencies } = spec;
  const entities = entitiesOf(spec);
  const owners = entities.length === 0 ? [null] : entities.slice(1);
  const grounds = owners.map((entity, index): Ground => ({
    seed,
    idOf: idsOf(seed, entity?.id ?? ''),
    entity: entity?.id ?? null,
    home: currencies[index % currencies.length] ?? currencies[0],
    from: parseDay(spec.from),
    until: parseDay(spec.until),
    settlement: spec.settlement,
    trip: spec.trip,
    plain: spec.plain,
  }));
  const accounts = Math.min(items, Math.max(grounds.length, Math.round(items / ITEMS_PER_ACCOUNT)));

  const account = (index: number, ground: Ground): Account => {
    const turn = Math.floor(index / grounds.length);
    const currency = currencies[turn % currencies.length] ?? currencies[0];
    const quota = Math.floor(((index + 1) * items) / accounts) - Math.floor((index * items) / accounts);
    return makeAccount(ground, index, currency, quota);
  };

  function* scan(objects: readonly string[], { entity }: Scope = {}): Generator<ObjectRow> {
    const made = objects.flatMap((object) => {
      const rowsOf = ACCOUNT_ROWS[object];
      return rowsOf === undefined ? [] : [{ object, rowsOf }];
    });
    for (const [position, ground] of grounds.entries()) {
      if (entity !== undefined && ground.entity !== entity) continue;
      for (const object of objects) {
        for (const row of CATALOGUE_ROWS[object]?.(ground, currencies) ?? []) yield [object, row];
        if (object === 'ExchangeRate') {
          for (const row of exchangeRateRows(ground, currencies)) yield [object, row];
        }
      }
      if (made.length === 0) continue;
      for (let index = position; index < accounts; index += grounds.length) {
        const one = account(index, ground);
        for (const { object, rowsOf } of made) for (const row of rowsOf(one)) yield [object, row];
      }
    }
  }

  return {
    label: `generated: ${specText(spec)}`,
    entities,
    objects: CATALOGUE.map(({ name }) => name)
      .filter((name) => spec.settlement || !MEMOS.includes(name))
      .filter((name) => spec.ccv === 'aqua' || name !== CONTRACTUAL_VALUES),
    dataQueryOnly: spec.ccv === 'data-query' ? [CONTRACTUAL_VALUES] : [],
    customObjects: [PROJECT_CODE],
    days: { from: spec.from, until: spec.until },
    settingKeys: Object.keys(SETTINGS),
    small: items <= SMALL,
    setting: (key, scope) => {
      const ground = grounds.find((candidate) => candidate.entity === scope?.entity);
      const asking = ground ?? { idOf: idsOf(seed, scope?.entity ?? ''), home: currencies[0] };
      return SETTINGS[key]?.(spec, asking);
    },
    customFields: (object) => CUSTOM_FIELDS[object] ?? [],
    *rows(object, scope) {
      for (const [, row] of scan([object], scope)) yield row;
    },
    scan,
  };
}

const ZONES = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo', 'UTC'];

/** A parent without accounts, and the entities below it; none without Multi-entity. */
function entitiesOf({ seed, entities, currencies }: TenantSpec): TenantEntity[] {
  if (entities === 1) return [];
  const idOf = idsOf(seed);
  const parent = idOf('Entity', 0);
  const below = Array.from({ length: entities }, (_, index): TenantEntity => ({
    id: idOf('Entity', index + 1),
    name: `Entity ${index + 1}`,
    displayName: `Sandbox Entity ${index + 1}`,
    parentId: parent,
    timezone: ZONES[index % ZONES.length] ?? 'UTC',
    homeCurrency: currencies[index % currencies.length] ?? currencies[0],
  }));
  const global = { id: parent, name: 'Global', displayName: 'Sandbox Global', parentId: null };
  return [{ ...global, timezone: 'UTC', homeCurrency: currencies[0] }, ...below];
}
