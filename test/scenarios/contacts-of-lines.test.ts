import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { checkTemplate } from '../../src/domain/mapping/checks/check-template.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import type { TemplateRow, TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import { showLine } from '../../src/store/show-line.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { adjustment, memo } from '../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { recordTenant, type Rows, syncRows } from '../support/sync-rows.ts';

/** Whose contacts lines of a type name (domain.md 3.3), and the line. */
const CASES: readonly (readonly [TemplateType, string, string, Rows, string])[] = [
  ['SO', 'RatePlanCharge', 'rpc1', {}, 'SO:orig.1@1'],
  ['INV', 'InvoiceItem', 'item1', {}, 'INV:item1'],
  ['IIA', 'InvoiceItemAdjustment', 'adj1', { InvoiceItemAdjustment: [adjustment()] }, 'CM-C:adj1'],
  ['CM', 'CreditMemo', 'cm1', memo('CreditMemo'), 'CM:cmi1'],
  ['DM', 'DebitMemo', 'dm1', memo('DebitMemo'), 'INV:dmi1'],
];

const at = '2024-01-05T10:00:00Z';
const CONTACTS = [
  { Id: 'bill', FirstName: 'Ada', LastName: 'Bill', UpdatedDate: at },
  { Id: 'sold', FirstName: 'Ben', LastName: 'Sold', UpdatedDate: at },
];

describe('the contacts of a line', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test.each(CASES)('of %s come along %s', async (type, object, id, more, line) => {
    const [seeded] = SEEDED_TEMPLATES.filter((template) => template.type === type);
    if (seeded === undefined) throw new Error(`no seeded template of ${type}`);
    const paths = ['BillToContact', 'SoldToContact'].flatMap((contact) => [
      `${object}.${contact}.FirstName`,
      `${object}.${contact}.LastName`,
    ]);
    const own = paths.map((from, place): TemplateRow => ({
      from,
      to: `ATR${57 + place}`,
      type: 'Character',
    }));
    const template = { ...seeded, name: `Contacts of ${type}`, entity: type, rows: [...seeded.rows, ...own] };
    expect(checkTemplate(template).mistakes).toEqual([]);
    await recordTenant(database, type, type);
    await keptDefault(database.db, template);

    const tenant = withChanged({ ...sampleTenant(), ...more, Contact: CONTACTS }, object, id, {
      BillToContactId: 'bill',
      SoldToContactId: 'sold',
    });
    await syncRows(database, tenant, { entity: type, org: type });
    const { fields, lineage } = await showLine(database.db, { id: line, entity: type });
    expect(fields).toMatchObject({ ATR57: 'Ada', ATR58: 'Bill', ATR59: 'Ben', ATR60: 'Sold' });
    expect(lineage.fields['ATR60']).toMatchObject({ object: 'Contact', id: 'sold', field: 'LastName' });
    expect(lineage.sources).toContainEqual(expect.objectContaining({ object: 'Contact', id: 'bill' }));
  });
});
