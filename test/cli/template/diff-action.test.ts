import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { INVOICE_ITEM_TEMPLATE } from '../../../src/domain/mapping/seeded/invoice-item.ts';
import { templateDocument } from '../../../src/domain/mapping/template-file.ts';
import type { BriefTemplate } from '../../../src/domain/mapping/transaction-template.ts';
import { digest } from '../../../src/store/digest.ts';
import { loadTemplate } from '../../../src/store/templates/load-template.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault, keptFrozen } from '../../support/kept-templates.ts';
import { openReader } from '../../support/reader.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';
import { invoiceRows, invoiceTemplate, orderTemplate } from '../../support/templates.ts';

const INV = `${INVOICE_ITEM_TEMPLATE.name}@1`;
const REGION = { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' } as const;

interface Diff {
  readonly data: readonly { readonly entity: string }[];
  readonly withoutData: string | null;
}

describe('revsync template diff', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'revsync-diff-'));
    const rows = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
    for (const entity of ['north', 'south', 'west']) await syncRows(database, rows, { entity, org: entity });
    await collectOrg(database, 'south');
    await keptDefault(database.db, invoiceTemplate({ name: 'West', entity: 'west' }));
    await keptFrozen(database.db, invoiceTemplate({ name: 'Regional', rows: invoiceRows(REGION) }));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const diff = (...argv: string[]) =>
    runCommand(['template', 'diff', ...argv], { DATABASE_URL: database.url });
  const json = async (...argv: string[]) => (await diff(...argv, '--json')).json() as Diff;
  const file = async (name: string, change: Partial<BriefTemplate>): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, stringify(templateDocument(invoiceTemplate(change))));
    return path;
  };

  test('tells as JSON what changes in every entity that would use the template', async () => {
    const { exit, json: document } = await diff('Regional', '--json');
    const nothing = { added: '0', removed: '0' };
    const [amount] = [{ type: 'INV', currency: 'USD', before: '200.00', after: '200.00' }];
    expect([exit, document()]).toMatchObject([
      0,
      {
        before: { id: INV },
        after: { id: 'Regional@1' },
        rows: { added: [REGION] },
        withoutData: null,
        data: [
          {
            entity: 'north',
            org: 'north',
            type: 'INV',
            used: INV,
            openRun: null,
            lines: { ...nothing, changed: '2', unchanged: '0', collected: '0' },
            amounts: [{ ...amount, lines: { before: '2', after: '2' } }],
            fields: [
              {
                label: 'ATR1',
                lines: '2',
                samples: [{ line: 'INV:item1', before: null, after: 'EMEA' }, {}],
              },
            ],
            holds: [],
            contracts: { count: '0', sample: [] },
            pending: { ...nothing, changed: '0' },
            neverExtracted: [],
          },
          {
            entity: 'south',
            lines: { ...nothing, changed: '0', unchanged: '2', collected: '2' },
            fields: [],
          },
        ],
      },
    ]);
  });

  test('tells a person the same', async () => {
    const path = await file('mine.yaml', {
      rows: invoiceRows(REGION),
      filter: "InvoiceItem.Id = 'item1'",
    });
    const { stdout } = await diff(path, '--entity', 'north');
    expect(stdout.split('\n')).toEqual([
      `From "${INV}" to "${path}":`,
      'Rows',
      '  + ATR1 from RatePlanCharge.Region__c (Character)',
      'Filter',
      '  - none',
      "  + InvoiceItem.Id = 'item1'",
      '',
      'The INV lines of north at its next sync, over what is extracted by now:',
      '  1 changed, 1 removed; 0 stay as they are.',
      '  Removed: 1 (INV:item2)',
      '',
      'type  currency  lines before  after  Ext Sell Price before   after',
      'INV   USD                  2      1                 200.00  100.00',
      '',
      'field  lines  for example  before   after',
      'ATR1       1  INV:item1    (empty)  EMEA',
      '',
    ]);
  });

  test('says of lines that are collected that they stay', async () => {
    const { stdout } = await diff('Regional', '--entity', 'south');
    expect(stdout).toContain(
      [
        '  none changed; 2 stay as they are.',
        '  2 of these are collected: no template changes them until Billing changes their rows.',
      ].join('\n'),
    );
  });

  test('shows as many samples as are asked for', async () => {
    const document = await json('Regional', '--entity', 'north', '--samples', '1');
    expect(document.data).toMatchObject([{ fields: [{ lines: '2', samples: [{ line: 'INV:item1' }] }] }]);
  });

  test('takes the default of the entity asked for as what is replaced, and says that it keeps its own', async () => {
    const { json: document } = await diff('Regional', '--entity', 'west', '--json');
    expect(document()).toMatchObject({ before: { id: 'West@1' }, data: [{ entity: 'west', usesOwn: true }] });
    const { stdout } = await diff('Regional', '--entity', 'west');
    expect(stdout).toContain('uses "Regional@1" only once that is kept for west');
  });

  test('looks only at the entity that a template is for', async () => {
    const path = await file('west.yaml', { entity: 'west', rows: invoiceRows(REGION) });
    expect(await json(path)).toMatchObject({ before: { id: 'West@1' }, data: [{ entity: 'west' }] });
    expect(await json('West', 'Regional')).toMatchObject({
      data: [{ entity: 'west', lines: { changed: '2' } }],
    });
  });

  test('compares two templates of which neither is used, and says what is', async () => {
    const path = await file('eur.yaml', { filter: "Account.Currency = 'EUR'" });
    const document = await json('Regional', path, '--entity', 'north');
    expect(document.data).toMatchObject([{ used: INV, pending: null, lines: { removed: '2' } }]);
    expect((await diff('Regional', path, '--entity', 'north')).stdout).toContain(`north uses "${INV}" now.`);
  });

  test('names what was never extracted', async () => {
    const row = {
      from: 'Subscription.Project__c.default__project__c.Region__c',
      to: 'ATR1',
      type: 'Character',
    };
    const path = await file('new.yaml', { rows: invoiceRows(row as typeof REGION) });
    const { stdout } = await diff(path, '--entity', 'north');
    expect(stdout).toContain(
      'Not extracted by any sync yet, and empty here until one brings it: Subscription.Project__c, default__project__c.',
    );
  });

  test('gives a reader the entities that he may see, without any other right', async () => {
    const reader = await openReader(database, ['north']);
    try {
      const { exit, json: document } = await runCommand(['template', 'diff', 'Regional', '--json'], {
        DATABASE_URL: reader.url,
      });
      expect([exit, document()]).toMatchObject([0, { data: [{ entity: 'north', lines: { changed: '2' } }] }]);
      expect((document() as Diff).data).toHaveLength(1);
    } finally {
      await reader.close();
    }
  });

  test('compares the texts alone before anything was synced, and says so', async () => {
    const fresh = await openTestDatabase();
    try {
      const path = await file('fresh.yaml', { rows: invoiceRows(REGION) });
      const { exit, stdout } = await runCommand(['template', 'diff', path], { DATABASE_URL: fresh.url });
      expect([exit, stdout.split('\n')]).toEqual([
        0,
        [
          `From "${INV}" to "${path}":`,
          'Rows',
          '  + ATR1 from RatePlanCharge.Region__c (Character)',
          '',
          'No entity is known before the first sync: only the templates themselves are compared.',
          '',
        ],
      ]);
    } finally {
      await fresh.close();
    }
  });

  test('changes nothing', async () => {
    const path = await file('drastic.yaml', { filter: 'InvoiceItem.Id is null' });
    await diff(path);
    const before = await digest(database.db);
    await diff(path);
    expect(await digest(database.db)).toEqual(before);
  });

  describe('refuses, with exit code 2,', () => {
    const wrong = {
      rows: invoiceRows({ ...REGION, from: 'InvoiceItem.Nothing' }),
      filter: 'Account.Nothing = 1',
    };

    test('a file with mistakes, with all of them', async () => {
      const path = await file('wrong.yaml', wrong);
      const { exit, json: document } = await diff(path, '--json');
      expect([exit, document()]).toMatchObject([
        2,
        {
          error: {
            code: 'TEMPLATE_INVALID',
            message: `"${path}" has 2 mistakes; nothing can be formed by it.`,
          },
          mistakes: [{ message: 'InvoiceItem has no field Nothing.' }, { path: 'filter' }],
        },
      ]);
    });

    test('a draft with mistakes, on either side', async () => {
      await loadTemplate(database.db, { template: invoiceTemplate({ name: 'Draft', ...wrong }), by: 'ann' });
      for (const sides of [['Draft'], ['Draft', 'Regional'], ['Regional', 'Draft']]) {
        const { exit, json: document } = await diff(...sides, '--json');
        expect([exit, document()]).toMatchObject([
          2,
          { error: { code: 'TEMPLATE_INVALID' }, mistakes: [{}, {}] },
        ]);
      }
    });

    test('what cannot be compared', async () => {
      await keptFrozen(database.db, orderTemplate({ name: 'Order' }));
      const west = await file('west.yaml', { entity: 'west' });
      for (const [argv, code] of [
        [['Regional', 'Order'], 'TEMPLATE_TYPE_DIFFERS'],
        [[west, '--entity', 'north'], 'TEMPLATE_ENTITY_DIFFERS'],
        [['Regional', '--entity', 'nobody'], 'ENTITY_UNKNOWN'],
        [['Regional', '--samples', '0'], 'USAGE'],
        [['Regional', '--samples', '1001'], 'USAGE'],
      ] as const) {
        const { exit, json: document } = await diff(...argv, '--json');
        expect([exit, document()]).toMatchObject([2, { error: { code } }]);
      }
    });
  });
});
