import { describe, expect, test } from 'vitest';

import { aReport, aRule } from '../../support/readiness-reports.ts';

describe('summarize', () => {
  test('counts limitations by status, and settings by what has to change', () => {
    expect(aReport().summary).toMatchObject({
      limitations: { affected: '4', 'cannot-tell': '1', enforced: '1', 'not-affected': '1' },
      practices: '1',
      settingsToChange: '1',
      entitiesToChange: '1',
      settingsUnknown: '1',
      permissionsLacking: '1',
    });
  });

  test('adds what is at stake by what it means, the gravest first', () => {
    expect(aReport().summary.amounts).toEqual([
      {
        weight: 'stops',
        sums: [
          { currency: 'EUR', amount: '120000', gross: '120000' },
          { currency: 'USD', amount: '-3450.5', gross: '9000.5' },
        ],
      },
      { weight: 'reports', sums: [{ currency: 'USD', amount: '12', gross: '12' }] },
    ]);
  });

  test('leaves out what is merely taken otherwise: it is all accounted for', () => {
    const report = aReport();
    expect(report.limitations.find(({ weight }) => weight === 'changes')?.amounts).toHaveLength(1);
    expect(report.summary.amounts.map(({ weight }) => weight)).toEqual(['stops', 'reports']);
    expect(JSON.stringify(report.summary.amounts)).not.toContain('777');
  });

  test('says what to do first in the order of its weight', () => {
    expect(aReport().summary.first.map(({ title, rule }) => [title, rule])).toEqual([
      ['Set "Invoice Past End-of-Term when Auto-Renew is OFF" to: No', null],
      ['Give the credentials access to OrderAction', null],
      ['Load and freeze a template of type INV', null],
      ['Prepayment charges (7)', 'prepayment-charge'],
      ['Usage charges (3)', 'usage-booking-based'],
      ['Discount charges: overlapping discounts (1)', 'overlapping-discounts'],
      ['Map the custom fields that matter to revenue (1)', 'unmapped-custom-field'],
      ['Let readiness look at what it could not see', null],
    ]);
  });

  test('names a setting once, however many entities have it wrong', () => {
    const [wrong] = aReport().settings;
    if (wrong === undefined) throw new Error('no setting');
    const { summary } = aReport({ settings: [wrong, { ...wrong, entity: 'other' }] });
    const { first, settingsToChange, entitiesToChange } = summary;
    expect([settingsToChange, entitiesToChange]).toEqual(['1', '2']);
    const steps = first.filter(({ title }) => title.startsWith('Set '));
    expect(steps).toHaveLength(1);
    expect(steps[0]?.what).toContain('In demo, other.');
  });

  test('does not call settings that cannot be read an access to a feature', () => {
    const settings = { kind: 'setting' as const, what: 'settings of Billing', state: 'refused' };
    const permissions = [{ ...settings, entities: ['demo'], consequence: '', remedy: 'Permit it.' }];
    expect(aReport({ permissions }).summary.first.map(({ title }) => title)).toContain(
      'Let the credentials read the settings of Billing',
    );
  });

  test('asks to read what was not read; what is refused is among the permissions', () => {
    const told = (reason: 'not-read' | 'refused') =>
      aReport({
        limitations: [
          aRule({ status: 'cannot-tell', untold: [{ entity: 'demo', object: 'Order', reason }] }),
        ],
      }).summary.first.some(({ title }) => title === 'Let readiness look at what it could not see');
    expect([told('not-read'), told('refused')]).toEqual([true, false]);
  });

  test('asks for nothing where nothing is wrong, and for the settings where none was read', () => {
    const clean = { limitations: [aRule()], practices: [], permissions: [], templates: [] };
    const settings = aReport().settings.filter(({ fits }) => fits === true);
    expect(aReport({ ...clean, settings }).summary.first).toEqual([]);
    const { first } = aReport({ ...clean, settings: [] }).summary;
    expect(first.map(({ title }) => title)).toEqual(['Let readiness read the settings of Billing']);
  });
});
