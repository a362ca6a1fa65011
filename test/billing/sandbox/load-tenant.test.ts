import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { loadTenant } from '../../../src/billing/sandbox/load-tenant.ts';
import { sandboxOf } from './sandbox-client.ts';

describe('loadTenant', () => {
  let folder: string;
  let lines: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'data-'));
    lines = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const load = () => loadTenant(folder, (line) => lines.push(line));

  test('serves what is in the files, and names what it leaves out', async () => {
    await write(
      'Account.csv',
      'Id,Name,Segment__c,UpdatedDate\na,"One, ""two""\nthree",S,2024-01-01T00:00:00.000Z\nb,,,\n',
    );
    await write(
      'InvoiceItem.csv',
      '\uFEFFInvoiceItem.Id,Account.Id,ChargeAmount,Deleted,Colour\r\ni,a,1.50,,red\r\nj,b,2,true,\r\n',
    );
    await write('Payment.csv', 'Id\np\n');
    await mkdir(join(folder, 'settings'));
    await write('settings/billing-rules.json', '{"oneTimeCreditBack": false}');
    const client = await sandboxOf(await load());
    expect(await client.rows('select Id, Name, Segment__c, Notes, UpdatedDate from Account')).toEqual([
      {
        'Account.Id': 'a',
        'Account.Name': 'One, "two"\nthree',
        'Account.Segment__c': 'S',
        'Account.Notes': '',
        'Account.UpdatedDate': '2024-01-01T00:00:00+0000',
      },
      {
        'Account.Id': 'b',
        'Account.Name': '',
        'Account.Segment__c': '',
        'Account.Notes': '',
        'Account.UpdatedDate': '',
      },
    ]);
    const items = (more: object) => client.rows('select Id, Account.Id from InvoiceItem', {}, { ...more });
    expect(await items({})).toEqual([{ 'InvoiceItem.Id': 'i', 'Account.Id': 'a' }]);
    expect(await items({ deleted: { column: 'Gone', format: 'Boolean' } })).toHaveLength(2);
    expect(await (await client.call('/settings/billing-rules')).json()).toEqual({ oneTimeCreditBack: false });
    expect((await client.call('/v1/describe/CreditMemo')).status).toBe(404);
    expect(lines.join('\n')).toContain('no object Payment');
    expect(lines.join('\n')).toContain('Colour');
    await client.stop();
  });

  test('has custom objects where there are files of them, spelled as Billing or as Data Query has them', async () => {
    await write(
      'default__ProjectCode__c.csv',
      'id,projectcode__c,Colour,createddate,EntityId\np,P-1,red,2024-01-01,e\n',
    );
    await write('default__Empty.csv', 'Id,Name\n');
    const tenant = await load();
    expect(tenant.customObjects).toEqual([
      { name: 'default__Empty', fields: { Id: 'text', Name: 'text' } },
      {
        name: 'default__ProjectCode__c',
        fields: { Id: 'text', projectcode__c: 'text', CreatedDate: 'datetime' },
      },
    ]);
    const rows: unknown[] = [];
    for await (const row of tenant.rows('default__ProjectCode__c')) rows.push(row);
    expect(rows).toEqual([
      { Id: 'p', projectcode__c: 'P-1', CreatedDate: '2024-01-01T08:00:00+0000', EntityId: 'e' },
    ]);
    expect(tenant.objects).not.toContain('default__Empty');
    expect(lines.join('\n')).toContain('Colour');
  });

  test('has entities when there is a file of them', async () => {
    await write(
      'Entity.csv',
      'Id,Name,DisplayName,ParentId,Timezone,HomeCurrency\ne2,DE,Germany,e1,Europe/Berlin,EUR\ne1,Global,,,,\n',
    );
    await write('Account.csv', 'Id,EntityId\na,e1\nb,e2\n');
    const tenant = await load();
    expect(tenant.entities.map(({ id, displayName }) => [id, displayName])).toEqual([
      ['e1', 'Global'],
      ['e2', 'Germany'],
    ]);
    expect(tenant.setting('fx-currencies', { entity: 'e2' })).toEqual({ homeCurrencyCode: 'EUR' });
    const client = await sandboxOf(tenant, { headers: { 'zuora-entity-ids': 'e2' } });
    expect(await client.rows('select Id from Account')).toEqual([{ 'Account.Id': 'b' }]);
    await client.stop();
  });

  test.each([
    ['Account.csv', 'Id,Name\na\n', 'line 2: the line has 1 cells, the header 2'],
    ['Account.csv', 'Name\na\n', 'line 1: there is no column Id'],
    ['Account.csv', 'Id,Name,Id\n', 'line 1: two columns are Id'],
    ['InvoiceItem.csv', 'Id,Account.Id,AccountId\n', 'line 1: two columns are AccountId'],
    ['Account.csv', 'Id\na\n""\n', 'line 3: Id is empty'],
    ['Account.csv', 'Id,Name\na,"x\n', 'line 2: a quote is never closed'],
    ['Account.csv', '', 'line 1: the file is empty'],
    ['Entity.csv', 'Name\nx\n', 'line 1: there is no column Id'],
  ])('refuses %s with %j', async (name, text, why) => {
    await write(name, text);
    await expect(load()).rejects.toMatchObject({
      code: 'SANDBOX_DATA_INVALID',
      fate: 'fix-input',
      message: expect.stringContaining(`${name}, ${why}`),
      remedy: expect.stringMatching(/\w+/),
    });
  });

  test('refuses a folder that is not there, a folder for a file and settings that are no JSON', async () => {
    await expect(loadTenant(join(folder, 'nothing'), () => {})).rejects.toThrow('does not exist');
    await mkdir(join(folder, 'Account.csv'));
    await expect(load()).rejects.toThrow('is a folder');
    await rm(join(folder, 'Account.csv'), { recursive: true });
    await mkdir(join(folder, 'settings'));
    await write('settings/billing-rules.json', '{');
    await expect(load()).rejects.toThrow('is not JSON');
  });
});
