import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { contractGroups } from '../support/contract-groups.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { usedSetup } from '../support/setups.ts';
import { stageBookings, type StagedBooking } from '../support/staged-bookings.ts';
import { collectOrg, recordTenant } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const Groups = z.object({ contracts: z.array(z.array(z.string())) });

const BY_KEY = casesOf(
  FILE,
  'rule:key_group',
  z.object({
    template: z.array(z.string()),
    lines: z.array(z.looseObject({ id: z.string(), org: z.string() })),
  }),
  Groups,
);

const BY_WINDOW = casesOf(
  FILE,
  'rule:window_group',
  z.object({
    windowDays: z.string(),
    documents: z.array(z.object({ id: z.string(), date: z.string() })),
  }),
  Groups,
);

/** The staging fields that hold what cases group by; what has none of its own is a custom field. */
const LABELS: Readonly<Record<string, string>> = {
  customer: 'Customer Number',
  subscription: 'Subscription Name',
  term: 'Term Number',
};

const labelOf = (name: string, template: readonly string[]): string =>
  LABELS[name] ?? `ATR${template.indexOf(name) + 1}`;

describe('contracts are identified', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  /** Every case has organisations of its own, and the lines come in this order. */
  const collected = async (
    id: string,
    template: object,
    bookings: readonly (StagedBooking & { readonly org: string })[],
    order: readonly number[],
  ) => {
    const orgs = [...new Set(bookings.map(({ org }) => `${id}-${order.join('')}-${org}`))];
    for (const org of orgs) {
      await recordTenant(database, org, org);
      await usedSetup(database.db, 'grouping', { ...template, name: org, org });
      const lines = order.flatMap((at) => bookings[at] ?? []).filter((line) => org.endsWith(`-${line.org}`));
      await stageBookings(database, org, lines);
      await collectOrg(database, org);
    }
    return { contracts: await contractGroups(database, ...orgs) };
  };

  /** As the case has them, and the other way round. */
  const orders = (count: number): number[][] => {
    const forth = Array.from({ length: count }, (_, at) => at);
    return [forth, forth.toReversed()];
  };

  describe.skipIf(BY_KEY.length === 0)('by the values of a key', () => {
    test.each(BY_KEY)('%s: %o groups into %o', async (id, { template, lines }, expected) => {
      const keys = template.map((name) => labelOf(name, template));
      const bookings = lines.map((line) => ({
        soLineId: line.id,
        org: line.org,
        fields: Object.fromEntries(template.map((name, at) => [keys[at], String(line[name])])),
      }));
      for (const order of orders(lines.length))
        expect(await collected(id, { rules: [{ seq: 1, keys }] }, bookings, order)).toEqual(expected);
    });
  });

  describe.skipIf(BY_WINDOW.length === 0)('by the days between documents', () => {
    test.each(BY_WINDOW)('%s: %o groups into %o', async (id, { windowDays, documents }, expected) => {
      const rules = [
        { seq: 1, keys: ['Customer Number'], window: { days: windowDays, field: 'SO Book Date' } },
      ];
      const bookings = documents.map((document) => ({
        soLineId: document.id,
        org: 'party',
        fields: { 'SO Book Date': document.date },
      }));
      for (const order of orders(documents.length))
        expect(await collected(id, { rules }, bookings, order)).toEqual(expected);
    });
  });
});
