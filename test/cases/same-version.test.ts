import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { findStagingField } from '../../src/domain/mapping/staging-fields.ts';
import { digest } from '../../src/store/digest.ts';
import { releaseHold } from '../../src/store/holds/release.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { changedTemplate, rowsWith } from '../support/dry-runs.ts';
import { linesOf } from '../support/held-lines.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { changesBetween, type Fields, versionRows } from '../support/same-version.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { caseFile, casesOf } from './read-cases.ts';

const ARRIVAL = z.object({ version: z.string().regex(/^\d+$/), fields: z.record(z.string(), z.string()) });
const CASES = casesOf(
  caseFile(),
  'rule:same_version',
  z.object({ collected: ARRIVAL, incoming: ARRIVAL }),
  z.object({
    outcome: z.enum([
      'no-op',
      'stopped-in-staging',
      'collected-attributes-only',
      'collected-as-update',
      'stale-hold',
    ]),
    changedFields: z.array(z.string()),
  }),
);

type Arrival = z.infer<typeof ARRIVAL>;

describe.skipIf(CASES.length === 0)('a subscription version that comes after one was collected', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const idOf = ({ version }: Arrival) => `SO:orig.1@${version}`;
  const findings = async () =>
    (await listFindings(database.db, { org, open: true })).map(({ finding, line }) => `${line} ${finding}`);
  const state = async () =>
    Object.entries((await digest(database.db)).tables).filter(([name]) => !name.startsWith('prestaging.'));
  const fieldsOf = async (id: string, labels: readonly string[]): Promise<Fields> => {
    const columns = labels.map((label) => sql.ref(findStagingField(label)?.column ?? label));
    const { rows } = await sql<Record<string, string | null>>`
      select ${sql.join(columns)} from staging.line where org = ${org} and id = ${id}`.execute(database.db);
    const [row = {}] = rows;
    return Object.fromEntries(
      labels.map((label) => [label, row[findStagingField(label)?.column ?? label] ?? '']),
    );
  };

  /** The sample with that version of its subscription, collected, and what comes then. */
  async function arrive(collected: Arrival, incoming: Arrival): Promise<void> {
    const attributes = Object.keys(collected.fields).filter((label) => label.startsWith('ATR'));
    const mapped = attributes.map(
      (to) => ({ from: `Subscription.${to}__c`, to, type: 'Character' }) as const,
    );
    await keptDefault(database.db, changedTemplate('SO', org, { rows: rowsWith('SO', ...mapped) }));
    const { InvoiceItem: _items, Invoice: _invoices, ...tenant } = sampleTenant();
    const older = Number(incoming.version) < Number(collected.version);
    await sync({ ...tenant, ...versionRows(collected, { previous: !older, at: '05' }) });
    await collect();
    expect(await lines().bookings()).toMatchObject([{ line: idOf(collected) }]);
    const same = incoming.version === collected.version;
    await sync(
      versionRows(
        incoming,
        same ? { previous: true, at: '06', before: collected } : { at: '06', follows: collected.version },
      ),
    );
  }

  const EXPECTED = {
    'no-op': async ({ collected }) => {
      const before = await state();
      await sync(versionRows(collected, { previous: true, at: '06', before: collected }));
      await collect();
      expect(await state()).toEqual(before);
      expect([await lines().holds(), await findings()]).toEqual([[], []]);
      return [];
    },
    'stopped-in-staging': async ({ collected }) => {
      const stopped = `${idOf(collected)}#2`;
      await collect();
      expect(await lines().statuses()).toContain(`${stopped} stopped`);
      expect(await lines().holds()).toEqual([`${stopped} same-version-recollection`]);
      expect(await lines().bookings()).toMatchObject([{ line: idOf(collected) }]);
      const { rows } = await sql<{ message: string }>`
        select message from staging.hold where org = ${org}`.execute(database.db);
      const [, named = ''] = /other values: (.*)\.$/.exec(rows[0]?.message ?? '') ?? [];
      return named.split(/(?<=\)), /).map((each) => each.replace(/ \(was .*, is .*\)$/, ''));
    },
    // Never by itself (design 9 (17)): found, and taken over once a person says so.
    'collected-attributes-only': async ({ collected }) => {
      expect(await findings()).toEqual([`${idOf(collected)} custom-field-update`]);
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: idOf(collected) }]);
      const labels = Object.keys(collected.fields);
      const before = await fieldsOf(idOf(collected), labels);
      const decision = { org, as: 'correction', reason: 'Moved.', by: 'ann', request: randomUUID() } as const;
      await releaseHold(database.db, { ...decision, lines: [idOf(collected)] });
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: `${idOf(collected)}#2` }]);
      expect(await findings()).toEqual([]);
      return changesBetween(before, await fieldsOf(`${idOf(collected)}#2`, labels));
    },
    'collected-as-update': async ({ collected, incoming }) => {
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: idOf(incoming) }]);
      expect([await lines().holds(), await findings()]).toEqual([[], []]);
      const labels = Object.keys(collected.fields);
      return changesBetween(await fieldsOf(idOf(collected), labels), await fieldsOf(idOf(incoming), labels));
    },
    'stale-hold': async ({ collected, incoming }) => {
      await collect();
      expect(await lines().statuses()).toContain(`${idOf(incoming)} superseded`);
      expect(await findings()).toEqual([`${idOf(incoming)} stale-version`]);
      expect(await lines().bookings()).toMatchObject([{ line: idOf(collected) }]);
      return [];
    },
  } satisfies Record<
    (typeof CASES)[number][2]['outcome'],
    (given: { collected: Arrival; incoming: Arrival }) => Promise<string[]>
  >;

  test.each(CASES)('%s', async (_id, { collected, incoming }, { outcome, changedFields }) => {
    await arrive(collected, incoming);
    expect(await EXPECTED[outcome]({ collected, incoming })).toEqual(changedFields);
  });
});
