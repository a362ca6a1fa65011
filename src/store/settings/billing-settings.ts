import { sql } from 'kysely';

import type { FeatureName, JudgedFeature } from '../../domain/settings/judge-features.ts';
import { ALL_RULES, type JudgedRule, whyOf } from '../../domain/settings/judge-rules.ts';
import type { EntityFacts } from '../../domain/settings/settings-wanted.ts';
import type { ReportedFeature, ReportedRule } from '../../domain/settings/settings-result.ts';
import type { Db } from '../database.ts';
import { alone, noteChanges, WRITTEN, type Writer } from './setting-changes.ts';

/** What Billing's settings say in one entity. */
export interface EntitySettings {
  readonly entity: string;
  readonly rules: readonly JudgedRule[];
  readonly features: readonly JudgedFeature[];
}

interface Row {
  readonly entity: string;
  readonly org: string;
  readonly kind: 'rule' | 'feature';
  readonly name: string;
  readonly setting: string;
  readonly value: string | null;
  readonly required: string | null;
  readonly fits: boolean | null;
}

/**
 * Keeps what Billing says of one entity under the organisation that it has now, and notes what it says differently than
 * before.
 */
export async function recordBillingSettings(db: Db, said: EntitySettings, writer: Writer): Promise<void> {
  await alone(db, async (trx) => {
    const rows = rowsOf(said, await orgOfEntity(trx, said.entity));
    const before = new Map(
      (await readRows(trx, said.entity)).map((row) => [`${row.kind} ${row.name}`, row.value]),
    );
    await upsert(trx, rows);
    const changes = rows.flatMap(({ kind, name, value, entity, org, setting }) => {
      const was = before.get(`${kind} ${name}`) ?? null;
      if (was === value) return [];
      const reason = `Billing: ${setting}`;
      return [
        {
          kind: 'billing-setting' as const,
          name,
          code: null,
          entity,
          org,
          before: was,
          after: value,
          reason,
        },
      ];
    });
    await noteChanges(trx, changes, writer);
  });
}

/** Entities are mapped alone, too: it stays until the transaction ends. */
async function orgOfEntity(trx: Db, entity: string): Promise<string> {
  const { org } = await trx
    .selectFrom('control.entity')
    .select('org')
    .where('entity', '=', entity)
    .executeTakeFirstOrThrow();
  return org;
}

const rowsOf = ({ entity, rules, features }: EntitySettings, org: string): Row[] => [
  ...rules.map(({ rule, setting, value, required, fits }): Row => ({
    entity,
    org,
    kind: 'rule',
    name: rule,
    setting,
    value,
    required,
    fits,
  })),
  ...features.map(({ feature, on, how }): Row => ({
    entity,
    org,
    kind: 'feature',
    name: feature,
    setting: how,
    value: on === null ? null : (ON_OFF[Number(on)] ?? null),
    required: null,
    fits: null,
  })),
];

const ON_OFF = ['off', 'on'];

/** An unchanged row is not written. */
async function upsert(trx: Db, rows: readonly Row[]): Promise<void> {
  await trx
    .insertInto('control.billing_setting')
    .values(rows.map((row) => ({ ...row, read_at: WRITTEN })))
    .onConflict((conflict) =>
      conflict
        .columns(['entity', 'kind', 'name'])
        .doUpdateSet({
          org: sql`excluded.org`,
          setting: sql`excluded.setting`,
          value: sql`excluded.value`,
          required: sql`excluded.required`,
          fits: sql`excluded.fits`,
          read_at: sql`excluded.read_at`,
        })
        .where(
          sql<boolean>`(billing_setting.org, billing_setting.setting, billing_setting.value, billing_setting.required,
            billing_setting.fits) is distinct from (excluded.org, excluded.setting, excluded.value, excluded.required,
            excluded.fits)`,
        ),
    )
    .execute();
}

async function readRows(db: Db, entity?: string): Promise<Row[]> {
  let query = db
    .selectFrom('control.billing_setting')
    .select(['entity', 'org', 'kind', 'name', 'setting', 'value', 'required', 'fits']);
  if (entity !== undefined) query = query.where('entity', '=', entity);
  return query.orderBy('entity').orderBy('name').execute();
}

export interface ListedSettings {
  readonly rules: readonly ReportedRule[];
  readonly features: readonly ReportedFeature[];
}

/** What Billing said when its settings were last read, by entity; the rules in the order of the documentation. */
export async function listBillingSettings(db: Db, entity?: string): Promise<ListedSettings> {
  const rows = await readRows(db, entity);
  const order = [...ALL_RULES.keys()];
  const rules = rows.flatMap((row) => {
    const known = ALL_RULES.get(row.name);
    if (row.kind !== 'rule' || known === undefined) return [];
    const { setting, value, fits } = row;
    const judged = { rule: row.name, setting, value, required: row.required ?? known.required, fits };
    const { name, binding, limitation = null } = known;
    return [{ entity: row.entity, ...judged, name, binding, limitation, why: whyOf(judged) }];
  });
  const at = ({ rule }: ReportedRule): number => order.indexOf(rule);
  return {
    rules: rules.toSorted((a, b) => compare(a.entity, b.entity) || at(a) - at(b)),
    features: rows
      .filter(({ kind }) => kind === 'feature')
      .map(({ entity: of, name, value, setting }) => ({
        entity: of,
        feature: name as FeatureName,
        on: value === null ? null : value === 'on',
        how: setting,
      })),
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** What the profiles and lookups follow from, by entity in key order. */
export async function entityFacts(db: Db): Promise<EntityFacts[]> {
  const { rules, features } = await listBillingSettings(db);
  const conversion = new Map(
    features.filter(({ feature }) => feature === 'Currency Conversion').map(({ entity, on }) => [entity, on]),
  );
  const exported = new Map(
    rules
      .filter(({ rule }) => rule === 'currency-conversion-export')
      .map(({ entity, fits }) => [entity, fits]),
  );
  const entities = await db
    .selectFrom('control.entity')
    .select(['entity', 'org', 'billing_id as billingId', 'timezone', 'home_currency as homeCurrency'])
    .orderBy('entity')
    .execute();
  return entities.map((each) => ({
    ...each,
    currencyConversion: conversion.get(each.entity) ?? null,
    ratesExported: exported.get(each.entity) ?? null,
  }));
}
