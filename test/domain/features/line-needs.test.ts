import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import { describe, expect, test } from 'vitest';

import { findObject, objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { columnOf } from '../../../src/domain/catalogue/define-object.ts';
import { DERIVATION_FIELDS } from '../../../src/domain/features/derivation-fields.ts';
import { FEATURES } from '../../../src/domain/features/features.ts';
import { ESSENTIAL_LABELS, lineNeeds } from '../../../src/domain/features/line-needs.ts';
import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import { STAGING_FIELDS } from '../../../src/domain/mapping/staging-fields.ts';
import { derivationOf } from '../../../src/store/transform/derivations.ts';
import type { Derivation, Mapped } from '../../../src/store/transform/derivation.ts';

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const TYPES = ['SO', 'INV', 'IIA', 'CM', 'DM'] as const;

/** `alias.column` of everything that expressions read. */
function readBy(expressions: readonly RawBuilder<unknown>[]): [alias: string, column: string][] {
  const { sql: text } = sql.join(expressions).compile(compiler);
  return [...text.matchAll(/"(\w+)"\."?(\w+)"?/g)].map(([, alias = '', column = '']) => [alias, column]);
}

/** Joins of the derivations that no route has. */
const DERIVED: Readonly<Record<string, string>> = {
  Discounted: 'DiscountContractualValues',
  DiscountedCharge: 'RatePlanCharge',
  DiscountedProduct: 'ProductRatePlanCharge',
  Previous: 'RatePlanCharge',
  PreviousPrice: 'ChargeContractualValueAllCharges',
  Next: 'RatePlanCharge',
  DiscountTier: 'RatePlanChargeTier',
};

/** What pre-staging itself adds to a row. */
const OWN_COLUMNS = new Set(['id', 'entity', 'deleted']);

/** A template that maps nothing. */
const unmapped: Mapped = Object.assign(() => sql`null`, { fills: () => false, row: () => undefined });

/** `Object.Field` of every field of Billing that a derivation's SQL reads. */
function fieldsRead(derivation: Derivation): string[] {
  const { routes, exclusions, orphans, part, lineType, facts } = derivation;
  const objects = new Map([
    [routes.driver, routes.driver],
    ...routes.routes.map(({ path, object }) => [path, object ?? path] as const),
    ...Object.entries(DERIVED),
  ]);
  const expressions = [
    ...Object.values(derivation.fields(unmapped)),
    ...derivation.joins(unmapped).map(({ clause }) => clause),
    ...exclusions.map(([, applies]) => applies),
    ...orphans,
    ...Object.values(facts),
    part,
    lineType,
  ];
  const read = readBy(expressions).flatMap(([alias, column]) => {
    const name = objects.get(alias);
    if (name === undefined || OWN_COLUMNS.has(column)) return [];
    const object = objectOf(name);
    const field = Object.keys(object.fields).find((one) => columnOf(object, one) === column);
    return [`${name}.${field ?? `(${column})`}`];
  });
  return [...new Set(read)];
}

describe.each(TYPES)('what %s lines need', (type) => {
  const needs = lineNeeds(type);
  const needed = new Set(needs.flatMap(({ anyOf }) => anyOf));

  test('is in the catalogue', () => {
    const unknown = [...needed].filter((name) => {
      const [object = '', field = ''] = name.split('.');
      return findObject(object)?.fields[field] === undefined;
    });
    expect(unknown).toEqual([]);
  });

  test('is told once per choice of fields', () => {
    const keys = needs.map(({ anyOf }) => anyOf.join(' '));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('has every field that the seeded template maps', () => {
    const direct = SEEDED_TEMPLATES.filter((template) => template.type === type)
      .flatMap(({ rows }) => rows.map(({ from }) => from))
      .filter((from) => from.split('.').length === 2 && findObject(from.split('.')[0] ?? '') !== undefined);
    expect(direct.length).toBeGreaterThan(25);
    expect(direct.filter((from) => !needed.has(from))).toEqual([]);
  });

  test('has every field that the transformation itself reads, keys and other features aside', () => {
    const own = DERIVATION_FIELDS[type].flatMap(({ anyOf }) => anyOf);
    const others = FEATURES.filter(({ id }) => id !== 'bookings' && id !== 'billings')
      .flatMap(({ ways }) => ways.flatMap((way) => way.needs))
      .flatMap((need) => (need.kind === 'field' ? need.anyOf : []));
    const keys = [...needed].filter((name) => name.endsWith('Id'));
    const all = new Set([...own, ...others, ...keys]);
    const read = fieldsRead(derivationOf({ type, policies: {} }));
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((name) => !all.has(name))).toEqual([]);
  });

  test('counts as essential what withholds a line when it is empty', () => {
    const labels = new Map(STAGING_FIELDS.map(({ column, label }) => [column, label]));
    const mapped = new Set(
      SEEDED_TEMPLATES.filter((template) => template.type === type)
        .flatMap(({ rows }) => rows)
        .filter(({ from }) => !from.startsWith('Entity.'))
        .map(({ to }) => to),
    );
    const withholding = readBy(derivationOf({ type, policies: {} }).missing(unmapped))
      .filter(([alias]) => alias === 'f')
      .flatMap(([, column]) => labels.get(column) ?? []);
    // Of the two, one is enough; the subscription's name is read anyway.
    const expected = [...new Set(withholding)].filter(
      (label) => mapped.has(label) && label !== 'Customer Number',
    );
    expect(expected.length).toBeGreaterThan(1);
    expect(expected.filter((label) => !ESSENTIAL_LABELS.has(label))).toEqual([]);
  });
});

describe('lineNeeds', () => {
  const so = lineNeeds('SO');
  const need = (...anyOf: readonly string[]) => so.find((one) => one.anyOf.join() === anyOf.join());

  test('gathers what stays empty without a field, along the whole way to it', () => {
    const owner = need('Subscription.InvoiceOwnerId');
    expect(owner?.fills).toEqual(['Invoice Owner']);
    expect(need('AccountingCode.Name')?.fills).toHaveLength(6);
    expect(need('ProductRatePlanCharge.ContractAssetAccountingCodeId')?.fills).toEqual([
      'Contract Asset Account',
    ]);
  });

  test('takes a key for essential when it leads to something essential', () => {
    expect(need('RatePlanCharge.SubscriptionId', 'RatePlan.SubscriptionId')?.fills).toEqual([]);
    expect(need('RatePlanCharge.AccountId', 'Subscription.AccountId')?.fills).toEqual([]);
    expect(need('RatePlanCharge.AmendmentId')?.fills).toContain('Amendment Type');
  });

  test('leaves a field essential that a label asks for too', () => {
    expect(need('RatePlanCharge.ChargeModel')?.fills).toEqual([]);
    expect(need('RatePlanCharge.TriggerEvent')?.fills).toEqual(['Rate Plan Charge Trigger Event']);
  });
});
