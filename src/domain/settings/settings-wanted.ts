import { ENTITIES_LOOKUP, SYNC_LOOKUP, ZONES_LOOKUP } from './lookups.ts';

/** A profile (no code) or a lookup's code as it ought to be by what Billing told. */
export interface WantedSetting {
  readonly kind: 'profile' | 'lookup';
  readonly name: string;
  readonly code: string | null;
  readonly value: string;
  /** The entity and organisation that it is about; null: the whole tenant. */
  readonly entity: string | null;
  readonly org: string | null;
  /** Only where there is none at all: any other value is somebody's choice. */
  readonly ifAbsent: boolean;
  readonly reason: string;
}

/** What is known of an entity once its settings are read. */
export interface EntityFacts {
  readonly entity: string;
  readonly org: string;
  readonly billingId: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
  /** Null: not told. */
  readonly currencyConversion: boolean | null;
  readonly ratesExported: boolean | null;
}

/**
 * The profiles and lookups that follow from Billing's settings (domain.md section 6). Profiles have no entity: where
 * entities differ, the one value has to do for all. What cannot be told is left out, so that it stays as it is.
 */
export function settingsWanted(entities: readonly EntityFacts[]): WantedSetting[] {
  if (entities.length === 0) return [];
  const multiEntity = entities.some(({ billingId }) => billingId !== null);
  return [
    profile('ZBILLING_INTEGRATION', 'Yes', 'the lines come from Zuora Billing'),
    profile(
      'ZBILL_MULTI_ENTITY_MULTI_ORG',
      multiEntity ? 'Yes' : 'No',
      multiEntity ? 'Billing lists entities' : 'Billing lists no entities',
    ),
    profile('MAINTAIN_OPEN_PERIOD', 'Org', 'periods are opened of organisations'),
    profile('KS_ENABLE_PENDING_ORDERS_GEN', 'N', 'its effect is not documented'),
    ...billingRates(entities),
    { ...profile('BILLING_EXCHANGE_RATE_DATE', 'Latest Rate Available', 'the default'), ifAbsent: true },
    { ...lookup(SYNC_LOOKUP, 'RevenueSync_Duration', '30', 'the default'), ifAbsent: true },
    ...entities.flatMap(mapping),
  ];
}

const profile = (name: string, value: string, reason: string): WantedSetting => ({
  kind: 'profile',
  name,
  code: null,
  value,
  entity: null,
  org: null,
  ifAbsent: false,
  reason,
});

const lookup = (name: string, code: string, value: string, reason: string): WantedSetting => ({
  ...profile(name, value, reason),
  kind: 'lookup',
  code,
});

/** Billing's own rates are to be had where it converts and exports what it converted by. */
function billingRates(entities: readonly EntityFacts[]): WantedSetting[] {
  const name = 'KS_ENABLE_ZBILL_EXCHG_RATE';
  if (entities.some((each) => each.currencyConversion === null)) return [];
  const converting = entities.filter((each) => each.currencyConversion === true);
  if (converting.length === 0) return [profile(name, 'N', 'Currency Conversion is off')];
  if (converting.some(({ ratesExported }) => ratesExported === false)) {
    return [profile(name, 'N', 'exports do not include what Billing converted by')];
  }
  // An entity that does not tell it goes by its parent's, as its home currency does.
  if (!converting.some(({ ratesExported }) => ratesExported === true)) return [];
  return [profile(name, 'Y', 'Currency Conversion is on, and exports include its rates')];
}

function mapping({ entity, org, billingId, timezone }: EntityFacts): WantedSetting[] {
  const code = billingId ?? entity;
  const mapped = { ...lookup(ENTITIES_LOOKUP, code, org, 'the organisation of the entity'), entity, org };
  if (timezone === null) return [mapped];
  return [mapped, { ...lookup(ZONES_LOOKUP, code, timezone, 'the time zone of the entity'), entity, org }];
}
