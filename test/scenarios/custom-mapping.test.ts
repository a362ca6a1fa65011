import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { MappableField } from '../../src/domain/mapping/mappable-fields.ts';
import type { Line } from '../../src/store/lines/read-lines.ts';
import type { ShownLine } from '../../src/store/show-line.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';
import { runCommand } from '../support/run-command.ts';
import { sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { csvOf, type Rows } from '../support/sync-rows.ts';
import { type OverheardBilling, startOverheardBilling } from './overheard-billing.ts';

const AT = '2024-01-05T10:00:00Z';

/** The sample with a second customer, contacts, fields and objects of the tenant's own, and tax. */
function customized(): Rows {
  const tenant = sampleTenant();
  const { Account: accounts = [], Subscription: subs = [], InvoiceItem: items = [] } = tenant;
  const ours = withChanged(
    {
      ...tenant,
      Contact: [
        { Id: 'ada', AccountId: 'acc', FirstName: 'Ada', LastName: 'Meyer', UpdatedDate: AT },
        { Id: 'ben', AccountId: 'acc', FirstName: 'Ben', LastName: 'Meyer', UpdatedDate: AT },
      ],
    },
    'Account',
    'acc',
    { Segment__c: 'Enterprise', Project__c: 'p1', TaxExemptStatus: 'Yes' },
  );
  return {
    ...ours,
    Account: [
      ...(ours['Account'] ?? []),
      { ...accounts[0], Id: 'acc2', AccountNumber: 'A-9', Name: 'Idle', Project__c: 'p2' },
    ],
    Subscription: subs.map((sub) => ({ ...sub, Team__c: 't1' })),
    InvoiceItem: [
      ...items.map((item) => ({
        ...item,
        BillToContactId: 'ada',
        SoldToContactId: 'ben',
        LastDay__c: '2024-01-31',
        Score__c: '0012.50',
        TaxAmount: '19.00',
        TaxCode: 'VAT',
      })),
      { ...items[0], Id: 'idle', AccountId: 'acc2' },
    ],
    default__project__c: [
      { Id: 'p1', Name: 'Apollo', Region__c: 'EMEA', Active__c: 'yes', UpdatedDate: AT },
      { Id: 'p2', Name: 'Hermes', Region__c: 'APAC', Active__c: 'no', UpdatedDate: AT },
    ],
    default__team__c: [{ Id: 't1', Name: 'Support', UpdatedDate: AT }],
  };
}

const ROWS = [
  '{ from: Account.Segment__c, to: ATR1, type: Character }',
  '{ from: InvoiceItem.BillToContact.FirstName, to: ATR2, type: Character }',
  '{ from: InvoiceItem.SoldToContact.LastName, to: ATR3, type: Character }',
  '{ from: InvoiceItem.Score__c, to: ATR4, type: Number }',
  '{ from: Account.Project__c.default__project__c.Region__c, to: ATR5, type: Character }',
  '{ from: Account.Project__c.default__project__c.Name, to: ATR6, type: Character }',
  '{ from: Account.Notes, to: ATR7, type: Character }',
];

describe('custom mapping, from the fields there are to the lines', () => {
  let terminal: Terminal;
  let folder: string;
  let billing: OverheardBilling;
  let sandbox: Staying<SandboxDocument>;
  let up: Staying<UpDocument>;
  beforeAll(async () => {
    // Lines wait for their period, so that a changed template forms them anew.
    terminal = await openTerminal({ REVSYNC_OPEN_PERIOD: '2023-01' });
    folder = join(terminal.stateDir, 'rows');
    await write(customized());
    sandbox = await terminal.start<SandboxDocument>(['sandbox', '--data', folder]);
    billing = await startOverheardBilling(sandbox.document.url);
    up = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: billing.url } });
    await sync();
  });
  afterAll(async () => {
    await terminal.close();
    await billing.close();
  });

  const write = async (rows: Rows) => {
    await mkdir(folder, { recursive: true });
    for (const [object, list] of Object.entries(rows)) {
      await writeFile(join(folder, `${object}.csv`), csvOf(list));
    }
  };
  const sync = async () => {
    const report = await terminal.json<SyncReport>(['sync', 'run']);
    expect(report).toMatchObject({ balance: { balanced: true } });
    return report;
  };
  /** Of commands that only need the database. */
  const revsync = async <Document>(...argv: string[]): Promise<Document> => {
    const done = await runCommand([...argv, '--json'], { DATABASE_URL: up.document.database });
    if (done.exit !== 0) throw new Error(`\`${argv.join(' ')}\` ended ${done.exit}: ${done.stdout}`);
    return done.json() as Document;
  };
  const show = (id: string) => revsync<ShownLine>('line', 'show', id);
  const ids = async (type: string) =>
    (await revsync<Line[]>('line', 'list', '--type', type)).map(({ id }) => id);
  /** `template export`, edited, checked, loaded and made the default. */
  const adopt = async (type: string, edit: (yaml: string) => string) => {
    const { stdout } = await runCommand(['template', 'export', type, '--entity', 'demo'], {
      DATABASE_URL: up.document.database,
    });
    const file = join(terminal.stateDir, `${type}.yaml`);
    await writeFile(file, edit(stdout));
    expect(await revsync('template', 'check', '--file', file)).toMatchObject({ mistakes: [] });
    const name = `Our ${type}`;
    const whose = ['--name', name, '--entity', 'demo'];
    expect(await revsync('template', 'load', '--file', file, ...whose)).toMatchObject({ status: 'checked' });
    expect(await revsync('template', 'freeze', name, '--default')).toMatchObject({ status: 'default' });
  };

  test('`template fields` lists the tenant’s own fields, what contacts have, and nothing of tax', async () => {
    const fields = await revsync<MappableField[]>('template', 'fields', '--type', 'INV');
    const at = (path: string) => fields.find((field) => field.path === path);
    expect(at('Account.Segment__c')).toMatchObject({ type: 'custom', filled: '1', rows: '3' });
    expect(at('InvoiceItem.BillToContact.FirstName')).toMatchObject({ attributesOnly: true });
    expect(at('InvoiceItem.SoldToContact.TaxRegion')).toBeDefined();
    expect(
      fields.filter(
        ({ object, field }) =>
          /Tax/.test(field) && !/WithoutTax/.test(field) && !object.startsWith('Contact'),
      ),
    ).toEqual([]);
  });

  test('a template that names them forms the lines anew by the next sync, custom objects read from the beginning', async () => {
    expect(await ids('INV')).toEqual(['INV:idle', 'INV:item1', 'INV:item2']);
    await adopt('INV', (yaml) =>
      yaml
        .replace('rows:\n', `rows:\n${ROWS.map((row) => `  - ${row}\n`).join('')}`)
        .replace(
          /- from: InvoiceItem\.ServiceEndDate\n(\s+)to: Revenue End Date\n\s+type: Date\n\s+end: exclusive/,
          '- from: InvoiceItem.LastDay__c\n$1to: Revenue End Date\n$1type: Date\n$1end: inclusive',
        )
        .replace(
          'policies:',
          `defaults:\n  - { to: ATR7, type: Character, value: none }\nfilter: Account.Project__c.default__project__c.Active__c = 'yes'\npolicies:`,
        )
        .replace('constants: []', 'constants:\n  - { to: ATR8, type: Character, value: fixed }'),
    );
    await sync();
    const line = await show('INV:item1');
    expect(line.fields).toMatchObject({
      ATR1: 'Enterprise',
      ATR2: 'Ada',
      ATR3: 'Meyer',
      ATR4: '12.5',
      ATR5: 'EMEA',
      ATR6: 'Apollo',
      ATR7: 'none',
      ATR8: 'fixed',
      'Revenue End Date': '2024-01-31',
      Duration: '1',
    });
    expect(line.lineage).toMatchObject({ template: 'Our INV', templateVersion: 1 });
  });

  test('`line show` says for each which row of which version it came from', async () => {
    const { lineage } = await show('INV:item1');
    const version = '2024-01-05T10:00:00.000Z';
    const origin = (row: string, object: string, id: string, field: string) => ({ row, object, id, field });
    expect(lineage.fields).toMatchObject({
      ATR1: origin('1', 'Account', 'acc', 'Segment__c'),
      ATR2: origin('2', 'Contact', 'ada', 'FirstName'),
      ATR3: origin('3', 'Contact', 'ben', 'LastName'),
      ATR4: origin('4', 'InvoiceItem', 'item1', 'Score__c'),
      ATR5: origin('5', 'default__project__c', 'p1', 'Region__c'),
      ATR6: origin('6', 'default__project__c', 'p1', 'Name'),
      ATR7: origin('7', 'Account', 'acc', 'Notes'),
      ATR8: { row: null, object: null },
    });
    for (const [object, id] of [
      ['Account', 'acc'],
      ['Contact', 'ada'],
      ['Contact', 'ben'],
      ['InvoiceItem', 'item1'],
      ['default__project__c', 'p1'],
    ]) {
      const source = lineage.sources.find((each) => each.object === object && each.id === id);
      expect(new Date(source?.updatedDate ?? 0).toISOString()).toBe(version);
    }
  });

  test('its filter lets in what it says, by a custom object, too', async () => {
    expect(await ids('INV')).toEqual(['INV:item1', 'INV:item2']);
  });

  test('an object that only a filter names is read as well', async () => {
    const sales = "filter: Subscription.Team__c.default__team__c.Name = 'Sales'\npolicies:";
    await adopt('SO', (yaml) => yaml.replace('policies:', sales));
    expect(await ids('SO')).toEqual(['SO:orig.1@1']);
    await sync();
    expect(await ids('SO')).toEqual([]);
    await adopt('SO', (yaml) => yaml.replace("'Sales'", "'Support'"));
    await sync();
    expect(await ids('SO')).toEqual(['SO:orig.1@1']);
  });

  test('a field that the tenant gets later is read from the beginning, and can be mapped', async () => {
    const { document } = sandbox;
    await sandbox.stop();
    const rows = customized();
    await write({
      ...rows,
      InvoiceItem: (rows['InvoiceItem'] ?? []).map((item) => ({ ...item, Tag__c: `tag of ${item['Id']}` })),
    });
    sandbox = await terminal.start<SandboxDocument>(['sandbox', '--data', folder]);
    expect(sandbox.document.url).not.toBe(document.url);
    billing.moveTo(sandbox.document.url);
    await adopt('INV', (yaml) =>
      yaml.replace('rows:\n', 'rows:\n  - { from: InvoiceItem.Tag__c, to: ATR9, type: Character }\n'),
    );
    await sync();
    const line = await show('INV:item2');
    expect(line.fields).toMatchObject({ ATR1: 'Enterprise', ATR9: 'tag of item2' });
    expect(line.lineage).toMatchObject({ templateVersion: 2, fields: { ATR9: { row: '1', id: 'item2' } } });
  });

  test('Billing was asked for nothing of tax: no column, no object', () => {
    const asked = billing.calls.map((call) => call.replaceAll(/\w*WithoutTax\w*|\bTaxRegion\b/g, ''));
    for (const object of ['InvoiceItem', 'Account', 'ProductRatePlanCharge', 'default__project__c']) {
      expect(asked.some((call) => new RegExp(`from ${object}\\b`).test(call))).toBe(true);
    }
    expect(asked.filter((call) => /tax/i.test(call))).toEqual([]);
  });
});
