import { describe, expect, test } from 'vitest';

import { readinessPage } from '../../../src/report/readiness/readiness-page.ts';
import { aReport, HOSTILE } from '../../support/readiness-reports.ts';

const page = readinessPage(aReport());
const all = (pattern: RegExp, text = page): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

describe('readinessPage', () => {
  test('needs nothing but itself: no script, no address, nothing that is fetched', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|@import|url\(|https?:/i);
    expect(all(/href="([^"]*)"/g).every((target) => target.startsWith('#'))).toBe(true);
    expect(page).toContain(`default-src 'none'`);
  });

  test('escapes whatever comes from the tenant, wherever it stands', () => {
    const hostile = readinessPage(aReport({}, HOSTILE));
    expect(hostile).not.toMatch(/<script|<img|\u202E/);
    expect(hostile.split('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;').length).toBeGreaterThan(6);
    const tags = (text: string) => all(/<(\/?[a-z0-9]+)/g, text).length;
    expect(tags(hostile)).toBe(tags(page));
  });

  test('every link leads somewhere, and no id is there twice', () => {
    const ids = all(/ id="([^"]*)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all(/href="#([^"]*)"/g).filter((target) => !ids.includes(target))).toEqual([]);
  });

  test('headings go down without a gap, sections have names, tables captions', () => {
    const levels = all(/<h([1-6])/g).map(Number);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, at) => at === 0 || level <= (levels[at - 1] ?? 0) + 1)).toBe(true);
    expect(all(/<(section) /g)).toHaveLength(8);
    expect(all(/<(table) /g)).toHaveLength(all(/<(caption)>/g).length);
  });

  test('shows affected limitations in full and the others as a list', () => {
    expect(all(/<article id="rule-([^"]*)"/g)).toEqual([
      'prepayment-charge',
      'invoice-past-end-of-term',
      'overlapping-discounts',
      'usage-booking-based',
      'unmapped-custom-field',
    ]);
    expect(page).toContain('-1,234,567.89 USD');
    expect(page).toContain('120,000.00 EUR, -3,450.50 USD (9,000.50 USD without signs)');
    expect(page).toContain('2 examples of 7: Prepayment charges');
    expect(page).toContain('explained in <code>docs/limitations/README.md#unmapped-custom-field</code>');
    expect(page).toContain('OrderAction was not read, so nobody can tell.');
    expect(page).toContain('<code>IsPrepaid</code>');
  });

  test('sums what keeps lines from contracts without signs, and counts settings by entity', () => {
    expect(page).toMatch(/data-title="Amounts"[^>]*>120,000\.00 EUR, 9,000\.50 USD</);
    expect(page).toContain('1 setting in Billing has to change, in 1 entity.');
  });

  test('cannot tell whether lines are needed of what was not read', () => {
    const row = page.slice(page.indexOf('InvoiceItemAdjustment'));
    expect(row.slice(0, row.indexOf('</tr>')).match(/cannot tell/g)).toHaveLength(2);
  });

  test('says what is not known instead of leaving it out', () => {
    const blind = readinessPage(
      aReport({ permissions: null, settings: [], customFields: [], practices: [] }),
    );
    expect(blind).toContain('What the credentials may do is not known');
    expect(blind).toContain('Billing’s settings have not been read');
    expect(blind).toContain('No custom fields with values were found');
  });

  test('a clean tenant has a page, too', () => {
    const clean = readinessPage(
      aReport({ limitations: [], practices: [], permissions: [], templates: [], settings: [] }),
    );
    expect(clean).toContain('None of the 0 known limitations was found');
    expect(clean).toContain('No amounts are at stake.');
  });
});
