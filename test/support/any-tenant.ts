import fc from 'fast-check';

import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { driverAmount } from '../../src/domain/catalogue/driver-amount.ts';
import { everyRow } from './every-row.ts';
import type { Rows } from './sync-rows.ts';

export type Row = Readonly<Record<string, string | null>>;

/** A row of an extract, and whether it has a value that does not fit its field. */
export interface Extracted {
  readonly object: string;
  readonly row: Row;
  readonly spoilt: boolean;
}

/** A tenant as chance has it. */
export interface AnyTenant {
  /** Whether it has Invoice Settlement; it has rows of adjustments and of memos either way. */
  readonly settlement: boolean;
  readonly extracted: readonly Extracted[];
}

const OLDER = '2024-01-04T10:00:00Z';

/** So many tenants in one: rows cost next to nothing, a sync of them does not. */
const COPIES = ['', '-2', '-3', '-4'];
const usualRows = (): Omit<Extracted, 'spoilt'>[] =>
  COPIES.flatMap((copy) => everyRow().map((each) => named(each, copy)));

/** The row with ids and references that are this copy's own. */
function named({ object, row }: Omit<Extracted, 'spoilt'>, copy: string): Omit<Extracted, 'spoilt'> {
  const isId = (name: string): boolean =>
    name.endsWith('Id') || (object === 'Subscription' && name === 'Name');
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    isId(name) && value !== null ? `${value}${copy}` : value,
  ]);
  return { object, row: Object.fromEntries(entries) as Row };
}

const AMOUNT = fc.oneof(
  fc.constantFrom('0', '0.00', '-0.01', '1e2', '100000000.123456789', null),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => (cents / 100).toFixed(2)),
);
const NONSENSE: Readonly<Record<string, readonly string[]>> = {
  decimal: ['NaN', 'Infinity', '1,5', 'ten'],
  integer: ['1.5', 'two', '99999999999'],
  date: ['2025-02-30', '2023-02-29', 'today', 'infinity', '0000-01-01', '31.12.2024'],
  datetime: ['2025-02-30T00:00:00Z', 'now', '-infinity', 'yesterday'],
  boolean: ['maybe', 'yes'],
};

/** What may have happened to a row before it was extracted; the likeliest, and the simplest, is nothing. */
function anyFate(object: string, row: Row): fc.Arbitrary<Row> {
  const { fields, key } = objectOf(object);
  const set = (name: string, ...values: readonly (string | null)[]): fc.Arbitrary<Row>[] =>
    name in fields ? [fc.constantFrom(...values).map((value) => ({ ...row, [name]: value }))] : [];
  const amount = driverAmount(object);
  const references = Object.keys(row).filter(
    // Two charges never have one OriginalId: it is a name, not a reference.
    (field) => /.Id$/.test(field) && row[field] !== null && ![...key, 'OriginalId'].includes(field),
  );
  const changes = [
    ...set('Status', 'Draft', 'Canceled'),
    ...set('ProcessingType', '3', 'Tax'),
    ...set('SourceType', 'Tax'),
    ...set('ExcludeItemBillingFromRevenueAccounting', 'true'),
    ...set('ExcludeItemBookingFromRevenueAccounting', 'true'),
    ...(amount === undefined ? [] : [AMOUNT.map((value) => ({ ...row, [amount]: value }))]),
    ...(references.length === 0
      ? []
      : [fc.constantFrom(...references).map((field) => ({ ...row, [field]: 'gone' }))]),
  ];
  return fc.oneof(
    { arbitrary: fc.constant(row), weight: 12 },
    { arbitrary: fc.constant({ ...row, Deleted: 'true' }), weight: 1 },
    ...changes.map((arbitrary) => ({ arbitrary, weight: 1 })),
  );
}

/** The same row with a value that does not fit. */
function anySpoilt(object: string, row: Row): fc.Arbitrary<Row> {
  const { fields, key } = objectOf(object);
  const typed = Object.keys(row).filter(
    (name) => NONSENSE[fields[name] ?? 'text'] !== undefined && !key.includes(name),
  );
  return fc
    .constantFrom(...typed)
    .chain((name) =>
      fc
        .constantFrom(...(NONSENSE[fields[name] ?? 'text'] ?? []))
        .map((value) => ({ ...row, [name]: value })),
    );
}

/** None, one or two versions of a row, the newest last. */
function anyVersions({ object, row }: Omit<Extracted, 'spoilt'>): fc.Arbitrary<Extracted[]> {
  const whole = anyFate(object, row).map((each) => ({ object, row: each, spoilt: false }));
  const spoilt = anySpoilt(object, row).map((each) => ({ object, row: each, spoilt: true }));
  const older = whole.map((each) => ({ ...each, row: { ...each.row, UpdatedDate: OLDER } }));
  return fc.oneof(
    { arbitrary: whole.map((each) => [each]), weight: 12 },
    { arbitrary: fc.constant<Extracted[]>([]), weight: 1 },
    { arbitrary: spoilt.map((each) => [each]), weight: 1 },
    { arbitrary: fc.tuple(older, whole), weight: 3 },
    { arbitrary: fc.tuple(older, spoilt), weight: 1 },
  );
}

/**
 * Tenants of everything there is, with rows that are missing, deleted, drafts, excluded, tax, orphans, rejects or
 * superseded by another version.
 */
export const anyTenant: fc.Arbitrary<AnyTenant> = fc
  .tuple(fc.boolean(), fc.tuple(...usualRows().map(anyVersions)))
  .map(([settlement, versions]) => {
    const extracted = versions.flat();
    return { settlement, extracted, [fc.toStringMethod]: () => oddities(settlement, extracted) };
  });

/** What a failing case prints: how the rows differ from those that nothing happened to. */
function oddities(settlement: boolean, extracted: readonly Extracted[]): string {
  const usual = usualRows();
  const changes = extracted.map(({ object, row }) => {
    const was = usual.find((each) => each.object === object && each.row['Id'] === row['Id'])?.row ?? {};
    const fields = Object.entries(row).filter(([name, value]) => was[name] !== value);
    return { at: `${object} ${row['Id']}`, fields };
  });
  const seen = new Set(changes.map(({ at }) => at));
  const missing = usual.map(({ object, row }) => `${object} ${row['Id']}`).filter((at) => !seen.has(at));
  return [
    `Invoice Settlement ${settlement ? 'on' : 'off'}`,
    ...changes.flatMap(({ at, fields }) =>
      fields.length === 0 ? [] : [`${at} ${JSON.stringify(Object.fromEntries(fields))}`],
    ),
    `without ${missing.join(', ')}`,
  ].join('\n');
}

/** Rows as files have them: each with every column of its object that any row has. */
export function filesOf(some: readonly Extracted[], all: readonly Extracted[] = some): Rows {
  const columns = (object: string): Row =>
    Object.fromEntries(
      all
        .filter((each) => each.object === object)
        .flatMap(({ row }) => Object.keys(row).map((name) => [name, null])),
    );
  const files: Record<string, Row[]> = {};
  for (const { object, row } of some) (files[object] ??= []).push({ ...columns(object), ...row });
  return files;
}
