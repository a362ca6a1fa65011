import { describe, expect, test } from 'vitest';

import { isWebPage, refusalOfMarkup, titleOf } from '../../../src/billing/rest/markup.ts';

describe('an error in XML', () => {
  test.each([
    ['<error><code>50000061</code><message>later</message></error>', 'busy', '50000061', 'later'],
    ['<?xml version="1.0"?>\n<errors><error><code>1</code></error></errors>', 'refused', '1', undefined],
    [
      '<ns2:error xmlns:ns2="x"><ns2:message> two\n lines </ns2:message></ns2:error>',
      'refused',
      undefined,
      'two lines',
    ],
    ['<Fault><FaultCode>fns:NO_PERMISSION</FaultCode></Fault>', 'permission', 'fns:NO_PERMISSION', undefined],
  ])('%s', (text, kind, zuoraCode, message) => {
    expect(refusalOfMarkup(text)).toEqual({ kind, zuoraCode, message });
  });

  test.each([
    '<object><name>Error</name><fields><field><name>code</name></field></fields></object>',
    '<soapenv:Envelope><soapenv:Body><result/></soapenv:Body></soapenv:Envelope>',
    '<html><body>error</body></html>',
    'Id,error\n1,<error>',
    '',
  ])('is not %j', (text) => {
    expect(refusalOfMarkup(text)).toBeNull();
  });
});

describe('a web page', () => {
  test.each([
    ['<!doctype HTML><p>', 'text/plain', true],
    ['\n<html lang="en">', undefined, true],
    ['<p>', 'text/html; charset=utf-8', true],
    ['<error/>', 'text/xml', false],
    ['{}', 'application/json', false],
    ['', undefined, false],
  ])('%j as %s: %s', (text, type, wanted) => {
    expect(isWebPage({ headers: { 'content-type': type }, text })).toBe(wanted);
  });

  test.each([
    ['<html><title>\n Bad \n Gateway </title>', 'Bad Gateway'],
    [`<title>${'x'.repeat(200)}</title>`, 'x'.repeat(80)],
    ['<html><p>', ''],
  ])('%j has the title %j', (text, title) => expect(titleOf(text)).toBe(title));
});
