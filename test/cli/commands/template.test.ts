import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { INVOICE_ITEM_TEMPLATE } from '../../../src/domain/mapping/seeded/invoice-item.ts';
import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptFrozen } from '../../support/kept-templates.ts';
import { openReader } from '../../support/reader.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { recordTenant, syncRows } from '../../support/sync-rows.ts';
import { invoiceTemplate } from '../../support/templates.ts';

const INV = INVOICE_ITEM_TEMPLATE.name;
/** `rows[n]` of the row that fills a label. */
const rowOf = (label: string) => `rows[${INVOICE_ITEM_TEMPLATE.rows.findIndex(({ to }) => to === label)}]`;
const ATR1 = '{ from: RatePlanCharge.Region__c, to: ATR1, type: Character }';

interface Summary {
  readonly id: string;
  readonly status: string;
  readonly entity: string | null;
}

describe('revsync template', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'revsync-template-'));
    await syncRows(database, withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' }));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const revsync = (...argv: string[]) => runCommand(['template', ...argv], { DATABASE_URL: database.url });
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  /** The default of invoice items as a file, with something put in place of something. */
  const exported = async (name: string, change: (yaml: string) => string = (yaml) => yaml) =>
    file(name, change((await revsync('export', 'INV')).stdout));

  test('lists the pre-configured templates, also before anything was synced', async () => {
    const fresh = await openTestDatabase();
    try {
      const { exit, json } = await runCommand(['template', 'list', '--json'], { DATABASE_URL: fresh.url });
      expect([exit, json()]).toMatchObject([
        0,
        SEEDED_TEMPLATES.map(({ name, type, rows }) => ({
          id: `${name}@1`,
          type,
          entity: null,
          status: 'default',
          seeded: true,
          rowCount: rows.length,
        })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      ]);
    } finally {
      await fresh.close();
    }
  });

  test('shows a reader the templates for all and those of entities he may see', async () => {
    const fresh = await openTestDatabase();
    for (const entity of ['north', 'south']) {
      await recordTenant(fresh, entity, entity);
      await keptFrozen(fresh.db, invoiceTemplate({ name: entity, entity }));
    }
    const reader = await openReader(fresh, ['north']);
    try {
      const { exit, json } = await runCommand(['template', 'list', '--type', 'INV', '--json'], {
        DATABASE_URL: reader.url,
      });
      expect([exit, json()]).toMatchObject([0, [{ id: `${INV}@1` }, { id: 'north@1' }]]);
    } finally {
      await reader.close();
      await fresh.close();
    }
  });

  test('shows a version, by its name or as the default of its type', async () => {
    const { json } = await revsync('show', 'INV', '--json');
    expect(json()).toMatchObject({
      id: `${INV}@1`,
      rows: INVOICE_ITEM_TEMPLATE.rows,
      constants: [],
      policies: { standaloneReference: 'keep' },
    });
    const { stdout } = await revsync('show', INV);
    expect(stdout).toContain(`${INV}@1 is default`);
    expect(stdout).toMatch(/\d+ +Revenue End Date +InvoiceItem\.ServiceEndDate +Date, exclusive/);
  });

  test.each(['yaml', 'json'])('exports %s that loads as what it was', async (format) => {
    const text = (await revsync('export', 'INV', '--format', format)).stdout;
    const path = await file(`same.${format}`, text);
    const { exit, json } = await revsync('load', '--file', path, '--json');
    expect([exit, json()]).toMatchObject([0, { id: `${INV}@1`, unchanged: true, status: 'default' }]);
    expect((await revsync('export', 'INV', '--format', format)).stdout).toBe(text);
  });

  test('exports the rows as CSV, and takes them back into a template like another', async () => {
    const text = (await revsync('export', 'INV', '--format', 'csv')).stdout;
    expect(text.split(/\r?\n/)[1]).toBe('1,Business Unit,Entity.DisplayName,Character,');
    const path = await file('rows.csv', text);
    const { json } = await revsync('load', '--file', path, '--like', 'INV', '--json');
    expect(json()).toMatchObject({ id: `${INV}@1`, unchanged: true });
    const alone = await revsync('load', '--file', path, '--json');
    expect([alone.exit, alone.json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
  });

  test('goes from a file to the default, and the next sync forms lines by it', async () => {
    const path = await exported('mine.yaml', (yaml) => yaml.replace('rows:', `rows:\n  - ${ATR1}`));
    expect((await revsync('check', '--file', path)).stdout).toBe(`${path} has no mistakes.\n`);
    const loaded = await revsync('load', '--file', path, '--name', 'Mine', '--entity', 'demo', '--json');
    expect(loaded.json()).toMatchObject({
      id: 'Mine@1',
      status: 'checked',
      entity: 'demo',
      createdBy: userInfo().username,
      unchanged: false,
      mistakes: [],
    });
    const early = await revsync('default', 'Mine', '--json');
    expect([early.exit, early.json()]).toMatchObject([2, { error: { code: 'TEMPLATE_NOT_FROZEN' } }]);
    const frozen = await revsync('freeze', 'Mine', '--by', 'ann', '--json');
    expect([frozen.exit, frozen.json()]).toMatchObject([0, { status: 'frozen', changedBy: 'ann' }]);
    const made = await revsync('default', 'Mine@1', '--json');
    expect([made.exit, made.json()]).toMatchObject([0, { status: 'default', before: null }]);

    const diff = await revsync('diff', 'INV', 'Mine', '--json');
    expect(diff.json()).toMatchObject({
      before: { id: `${INV}@1` },
      after: { id: 'Mine@1', entity: 'demo' },
      same: false,
      rows: { added: [{ from: 'RatePlanCharge.Region__c', to: 'ATR1' }], removed: [], changed: [] },
    });

    await syncRows(database, {});
    const line = await runCommand(['line', 'show', 'INV:item1', '--json'], { DATABASE_URL: database.url });
    expect(line.json()).toMatchObject({
      fields: { ATR1: 'EMEA' },
      lineage: { template: 'Mine', fields: { ATR1: { row: '1', object: 'RatePlanCharge', id: 'rpc1' } } },
    });
  });

  test('freezes and makes the default in one go', async () => {
    const path = await exported('quick.yaml', (yaml) => yaml.replace(/^name: .*/m, 'name: Quick'));
    await revsync('load', '--file', path);
    const { exit, json } = await revsync('freeze', 'Quick', '--default', '--json');
    expect([exit, json()]).toMatchObject([0, { id: 'Quick@1', status: 'default', before: `${INV}@1` }]);
    await revsync('default', `${INV}@1`);
  });

  describe('of a file with mistakes', () => {
    const wrong = (yaml: string) =>
      yaml
        .replace(/^name: .*/m, 'name: Wrong')
        .replace('InvoiceItem.ChargeAmount', 'InvoiceItem.ChargAmount')
        .replace('to: Customer Name', 'to: Cust Name');
    const MISTAKES = [
      {
        path: `${rowOf('Customer Name')}.to`,
        message: 'There is no staging field Cust Name.',
        suggestion: 'Did you mean Customer Name?',
      },
      {
        path: `${rowOf('Ext Sell Price')}.from`,
        message: 'InvoiceItem has no field ChargAmount.',
        suggestion: 'Did you mean InvoiceItem.ChargeAmount?',
      },
    ];

    test('check names all of them and ends with 1', async () => {
      const path = await exported('wrong.yaml', wrong);
      const { exit, json } = await revsync('check', '--file', path, '--json');
      expect([exit, json()]).toEqual([
        1,
        {
          error: { code: 'TEMPLATE_INVALID', message: `${path} has 2 mistakes.`, remedy: expect.any(String) },
          mistakes: MISTAKES,
          template: { name: 'Wrong', type: 'INV', entity: null },
        },
      ]);
      const { stdout } = await revsync('check', '--file', path);
      expect(stdout).toContain(
        `${rowOf('Customer Name')}.to: There is no staging field Cust Name.\n      Did you mean Customer Name?`,
      );
    });

    test('load keeps a draft that cannot be frozen', async () => {
      const path = await exported('wrong.yaml', wrong);
      const { exit, json } = await revsync('load', '--file', path, '--json');
      expect([exit, json()]).toMatchObject([
        1,
        {
          error: { code: 'TEMPLATE_INVALID' },
          mistakes: MISTAKES,
          template: { id: 'Wrong@1', status: 'draft' },
        },
      ]);
      const frozen = await revsync('freeze', 'Wrong', '--json');
      expect([frozen.exit, frozen.json()]).toMatchObject([1, { mistakes: MISTAKES }]);
      const listed = (await revsync('list', '--status', 'draft', '--json')).json() as Summary[];
      expect(listed).toMatchObject([{ id: 'Wrong@1', mistakeCount: 2 }]);
      const kept = await revsync('check', 'Wrong', '--json');
      expect([kept.exit, kept.json()]).toMatchObject([1, { mistakes: MISTAKES }]);
    });

    test.each([
      ['no-yaml.yaml', 'a: b: c', 'neither YAML nor JSON'],
      ['no-json.json', '{"name": ', 'neither YAML nor JSON'],
      ['twice.yaml', 'name: a\nname: b', 'unique'],
      ['no-form.yaml', 'name: X\ntype: INVOICE\nrows: []', 'type cannot be "INVOICE".'],
      ['empty.yaml', '', 'The template'],
    ])('that is %s: check ends with 1, load keeps nothing and ends with 2', async (name, text, says) => {
      const path = await file(name, text);
      const checked = await revsync('check', '--file', path, '--json');
      expect([checked.exit, checked.json()]).toMatchObject([1, { error: { code: 'TEMPLATE_INVALID' } }]);
      expect(checked.stdout).toContain(JSON.stringify(says).slice(1, -1));
      const loaded = await revsync('load', '--file', path, '--json');
      expect([loaded.exit, loaded.json()]).toMatchObject([2, { error: { code: 'TEMPLATE_INVALID' } }]);
      expect((await revsync('list', '--json')).stdout).not.toContain('"X@1"');
    });

    test('constants keep their digits, and near misses of the tenant’s custom fields are found', async () => {
      const path = await exported('digits.json', (yaml) =>
        yaml
          .replace(/^name: .*/m, 'name: Digits')
          .replace('rows:', `rows:\n  - ${ATR1.replace('Region__c', 'Regoin__c')}`)
          .replace('constants: []', 'constants:\n  - { to: ATR2, type: Number, value: 1.10 }'),
      );
      const { json } = await revsync('load', '--file', path, '--json');
      expect(json()).toMatchObject({
        mistakes: [{ path: 'rows[0].from', suggestion: 'Did you mean RatePlanCharge.Region__c?' }],
      });
      const shown = await revsync('show', 'Digits', '--json');
      expect(shown.json()).toMatchObject({ constants: [{ to: 'ATR2', type: 'Number', value: '1.10' }] });
    });
  });

  test('compares a file with the default that it would replace', async () => {
    const path = await exported('changed.yaml', (yaml) =>
      yaml
        .replace('from: Account.Name', 'from: Account.CrmId')
        .replace('invoiceOwner: current', 'invoiceOwner: original'),
    );
    const { exit, stdout } = await revsync('diff', path);
    expect([exit, stdout.split('\n').slice(0, 6)]).toEqual([
      0,
      [
        `From "${INV}@1" to "${path}":`,
        'Rows',
        '  - Customer Name from Account.Name (Character)',
        '  + Customer Name from Account.CrmId (Character)',
        'Policies',
        '  invoiceOwner: current -> original',
      ],
    ]);
  });

  test('lists the fields that rows can name, with how many rows have the custom ones', async () => {
    const { json } = await revsync('fields', '--type', 'INV', '--json');
    const fields = json() as { path: string | null; type: string; mappedTo: string | null }[];
    const at = (path: string) => fields.find((field) => field.path === path);
    expect(at('InvoiceItem.ChargeAmount')).toMatchObject({ type: 'decimal', mappedTo: 'Ext Sell Price' });
    expect(at('InvoiceItem.BillToContact.FirstName')).toMatchObject({ attributesOnly: true, mappedTo: null });
    expect(at('RatePlanCharge.Region__c')).toMatchObject({ type: 'custom', filled: '1', rows: '1' });
    expect(fields.some(({ path }) => path?.startsWith('Order.'))).toBe(false);

    const { stdout } = await revsync(
      'fields',
      '--type',
      'INV',
      '--object',
      'RatePlanCharge',
      '--limit',
      '200',
    );
    expect(stdout).toMatch(/INV +RatePlanCharge\.Region__c +custom +1 of 1/);
    expect(stdout).not.toContain('InvoiceItem.');
  });

  test('prints the JSON Schema that is published', async () => {
    const published = await readFile(
      join(import.meta.dirname, '..', '..', '..', 'docs', 'template.schema.json'),
      'utf8',
    );
    expect((await revsync('schema')).json()).toEqual(JSON.parse(published));
  });

  test.each([
    [['show', 'Nothing'], 'TEMPLATE_UNKNOWN'],
    [['show', `${INV}@9`], 'TEMPLATE_UNKNOWN'],
    [['freeze', 'Nothing'], 'TEMPLATE_UNKNOWN'],
    [['diff', 'INV', 'Nothing'], 'TEMPLATE_UNKNOWN'],
    [['check'], 'USAGE'],
    [['check', 'INV', '--file', 'x.yaml'], 'USAGE'],
    [['load'], 'USAGE'],
    [['load', '--file', 'nowhere.yaml'], 'FILE_UNREADABLE'],
    [['check', '--file', '.'], 'FILE_UNREADABLE'],
    [['list', '--type', 'INVOICE'], 'USAGE'],
    [['list', '--entity', 'nobody'], 'ENTITY_UNKNOWN'],
    [['export', 'INV', '--format', 'xml'], 'USAGE'],
  ])('%j ends with 2 and %s', async (argv, code) => {
    const { exit, json } = await revsync(...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code, remedy: expect.any(String) } }]);
  });
});
