import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling } from './stub-server.ts';

const field = (name: string, type: string, contexts: string, custom = 'false') =>
  `<field><name>${name}</name><label>A &amp; B</label><type>${type}</type><custom>${custom}</custom>
   <options><option>x</option></options>${contexts}</field>`;
const EXPORT = '<contexts><context>soap</context><context>export</context></contexts>';

const INVOICE_ITEM = `<?xml version="1.0" encoding="UTF-8"?>
<object href="https://rest.zuora.com/v1/describe/InvoiceItem">
  <name>InvoiceItem</name><label>Invoice Item</label>
  <fields>
    ${field('Id', 'text', EXPORT)}
    ${field('ChargeAmount', 'decimal', '<contexts><context>export</context></contexts>')}
    ${field('Secret', 'text', '<contexts><context>soap</context></contexts>')}
    ${field('Nowhere', 'text', '<contexts></contexts>')}
    ${field('Region__c', 'PickList', EXPORT, 'true')}
    ${field('true', 'text', EXPORT)}
  </fields>
  <related-objects>
    <object href="x"><name>Account</name><label>Account</label></object>
    <object><name>Contact</name><label>Bill To</label><cardinality>n:1</cardinality><path>InvoiceItem.BillToContact</path></object>
  </related-objects>
</object>`;

const one = (xml: string, status = 200) =>
  stubBilling({ 'GET /v1/describe/InvoiceItem': reply(status, xml) });

describe('describe', () => {
  test('lists the fields that an export may name, and the paths to parents', async () => {
    const { billing, seen } = await one(INVOICE_ITEM);
    expect(await billing.describe('InvoiceItem')).toEqual({
      name: 'InvoiceItem',
      fields: [
        { name: 'Id', type: 'text', custom: false },
        { name: 'ChargeAmount', type: 'decimal', custom: false },
        { name: 'Region__c', type: 'picklist', custom: true },
        { name: 'true', type: 'text', custom: false },
      ],
      related: [
        { path: 'Account', object: 'Account' },
        { path: 'BillToContact', object: 'Contact' },
      ],
    });
    expect(seen.at(-1)?.path).toContain('showCurrencyConversionInformation=yes');
  });

  test('takes an object with one field, and one with none', async () => {
    const single = `<object><name>Ramp</name><fields>${field('Id', 'text', EXPORT)}</fields></object>`;
    const { billing } = await stubBilling({
      'GET /v1/describe/Ramp': [
        reply(200, single),
        reply(200, '<object><name>Ramp</name><fields/></object>'),
      ],
    });
    expect((await billing.describe('Ramp'))?.fields).toHaveLength(1);
    expect(await billing.describe('Ramp')).toEqual({ name: 'Ramp', fields: [], related: [] });
  });

  test.each([
    ['404 in XML', 404, '<error><code>90000040</code><message>No such object</message></error>'],
    ['403', 403, '<error>no</error>'],
    ['an XML error at 200', 200, '<errors><error><message>Object not found</message></error></errors>'],
    ['an XML permission error at 200', 200, '<error><message>You do not have permission</message></error>'],
    ['a JSON not-found at 200', 200, '{"success":false,"reasons":[{"code":50000040,"message":"x"}]}'],
    ['a JSON permission error at 200', 200, '{"success":false,"reasons":[{"code":50000010,"message":"x"}]}'],
  ])('answers null to %s', async (_name, status, body) => {
    const { billing } = await one(body, status);
    expect(await billing.describe('InvoiceItem')).toBeNull();
  });

  test('reports any other XML error', async () => {
    const { billing } = await one('<error><message>Something odd</message></error>');
    const error = await failure(billing.describe('InvoiceItem'));
    expect(error).toMatchObject({ code: 'BILLING_REQUEST_REFUSED', context: { zuoraRequestId: 'req-1' } });
    expect(error.message).toContain('Something odd');
  });

  test.each([
    ['not XML', 'hello'],
    ['cut off', INVOICE_ITEM.slice(0, 300)],
    ['another document', '<html></html>'],
    ['an external entity', `<!DOCTYPE object [<!ENTITY x SYSTEM "file:///etc/passwd">]>${INVOICE_ITEM}`],
  ])('does not believe what is %s', async (_name, body) => {
    const { billing } = await one(body);
    expect((await failure(billing.describe('InvoiceItem'))).code).toBe('BILLING_REPLY_UNEXPECTED');
  });

  test('is busy when Billing is', async () => {
    const { billing } = await one('<error/>', 503);
    expect((await failure(billing.describe('InvoiceItem'))).code).toBe('BILLING_BUSY');
  });
});

describe('the list of objects', () => {
  const LIST = 'GET /v1/describe';
  const object = (name: string) =>
    `<object href="https://rest.zuora.com/v1/describe/${name}"><name>${name}</name><label>${name} &amp;</label></object>`;

  test.each([
    ['several objects', `<objects>${object('Account')}${object('default__x__c')}</objects>`],
    ['another root', `<zobjects>${object('Account')}${object('default__x__c')}</zobjects>`],
  ])('with %s has their names in order', async (_name, xml) => {
    const { billing } = await stubBilling({ [LIST]: reply(200, `<?xml version="1.0"?>\n${xml}\n`) });
    expect(await billing.objects()).toEqual(['Account', 'default__x__c']);
  });

  test('may have one object', async () => {
    const { billing } = await stubBilling({ [LIST]: reply(200, `<objects>${object('Account')}</objects>`) });
    expect(await billing.objects()).toEqual(['Account']);
  });

  test.each([
    ['cut off', `<objects>${object('Account')}`],
    ['the description of one object', `<object><name>Account</name><fields/></object>`],
    ['not XML', 'hello'],
  ])('that is %s is not believed', async (_name, xml) => {
    const { billing } = await stubBilling({ [LIST]: reply(200, xml) });
    expect((await failure(billing.objects())).code).toBe('BILLING_REPLY_UNEXPECTED');
  });

  test.each([
    ['in XML', reply(200, '<error><message>Something odd</message></error>'), 'BILLING_REQUEST_REFUSED'],
    ['by status', reply(403, ''), 'BILLING_PERMISSION_MISSING'],
    ['because Billing is busy', reply(503, '<error/>'), 'BILLING_BUSY'],
  ])('refused %s is an error', async (_name, answer, code) => {
    const { billing } = await stubBilling({ [LIST]: answer });
    expect((await failure(billing.objects())).code).toBe(code);
  });
});
