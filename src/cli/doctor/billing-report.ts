import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import { isTaxField } from '../../domain/catalogue/tax-field.ts';
import { APIS, type Access, type Api, type ApiAccess } from '../../domain/features/access.ts';
import { FEATURES } from '../../domain/features/features.ts';
import { type JudgedFeature, lackedBy } from '../../domain/features/judge.ts';
import type { TenantEntity } from '../../domain/tenancy/records.ts';
import type { Alike } from './alike.ts';

export interface EntityRow {
  readonly key: string;
  /** As Billing spells it; null without Multi-entity. */
  readonly id: string | null;
  readonly name: string;
  readonly displayName: string;
  readonly parent: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
  /** `refused`, `unknown`: nothing in it can be read. `not-asked`: beyond the first twenty. */
  readonly access: 'ok' | 'refused' | 'unknown' | 'not-asked';
  /** Why not `ok`; null otherwise. */
  readonly note: string | null;
}

export interface ObjectRow {
  readonly object: string;
  readonly kind: 'state' | 'transaction';
  readonly access: 'ok' | 'absent' | 'refused' | 'unknown';
  /** How many fields can be exported, custom ones among them. */
  readonly fields: number;
  readonly customFields: readonly string[];
  /** Fields that revsync knows and Billing does not export. */
  readonly missing: readonly string[];
  /** Those of them that the seeded templates and the transformation read. */
  readonly needed: readonly string[];
  readonly deletedColumn: boolean | null;
  readonly note: string | null;
}

export interface ApiRow extends ApiAccess {
  readonly api: Api;
  readonly name: string;
}

/** What the credentials may do in Billing, in the entities that they reach. Rows that these have in common are one. */
export interface BillingReport {
  readonly entities: readonly EntityRow[];
  readonly objects: readonly Alike<ObjectRow>[];
  readonly apis: readonly Alike<ApiRow>[];
  readonly features: readonly Alike<JudgedFeature>[];
}

/** What was found in one entity. */
export interface EntityAccess {
  readonly access: Access;
  readonly homeCurrency: string | null;
}

/** `found` is null where nobody looked. */
export function entityRow(entity: TenantEntity, found: EntityAccess | null): EntityRow {
  return {
    key: entity.entity,
    id: entity.billingId,
    name: entity.entityName,
    displayName: entity.displayName,
    parent: entity.parent,
    timezone: entity.timezone,
    homeCurrency: entity.homeCurrency ?? found?.homeCurrency ?? null,
    ...(found === null ? { access: 'not-asked', note: null } : reachOf(entity, found)),
  };
}

/** An entity of several may be kept from the credentials as a whole. */
function reachOf({ billingId }: TenantEntity, { access }: EntityAccess): Pick<EntityRow, 'access' | 'note'> {
  const objects = [...access.objects.values()];
  if (billingId === null || objects.some(({ state }) => state === 'ok')) return { access: 'ok', note: null };
  const kept = objects.find(({ state }) => state === 'refused');
  return kept === undefined
    ? { access: 'unknown', note: objects[0]?.note ?? null }
    : { access: 'refused', note: kept.note };
}

/** Every object of the catalogue, in its order. */
export function objectRows(access: Access): ObjectRow[] {
  const lines = FEATURES.filter(({ essential }) => essential);
  const lacked = new Set(lines.flatMap((feature) => lackedBy(feature, access)));
  return CATALOGUE.flatMap(({ name, kind, fields }) => {
    const object = access.objects.get(name);
    if (object === undefined) return [];
    // What is never asked for lacks nobody.
    const asked = Object.keys(fields).filter((field) => !isTaxField(name, field));
    const missing = object.state === 'ok' ? asked.filter((field) => !object.fields.has(field)) : [];
    return [
      {
        object: name,
        kind,
        access: object.state,
        fields: object.exportable,
        customFields: object.custom,
        missing,
        needed: missing.filter((field) => lacked.has(`${name}.${field}`)),
        deletedColumn: object.deletedColumn,
        note: object.note,
      },
    ];
  });
}

/** Every interface, in the order of `APIS`. */
export function apiRows({ apis }: Access): ApiRow[] {
  const names = Object.entries(APIS) as [Api, string][];
  return names.map(([api, name]) => ({ api, name, ...apis[api] }));
}
