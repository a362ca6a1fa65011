import { describe, expect, test } from 'vitest';

import { readinessText } from '../../../src/cli/readiness/readiness-text.ts';
import { aReport, aRule } from '../../support/readiness-reports.ts';

const textOf = (...args: Parameters<typeof aReport>): string => readinessText(aReport(...args)).join('\n');

describe('readinessText', () => {
  test('begins with where the figures come from and how many limitations are affected', () => {
    const text = textOf();
    expect(text).toMatch(/^Readiness of Acme Ltd\n {2}demo: as of 2026-01-31 08:00 UTC, run 12 \(sync\)/);
    expect(text).toContain('parent: nothing is here');
    expect(text).toContain('Settings to change: 1 in 1 entity; not told: 1.');
    expect(text).toContain(
      'Limitations: 4 affected, 1 cannot tell, 1 enforced with nothing to detect, 1 not affected.',
    );
    expect(text).toContain('At stake, keeps lines from contracts: 120,000.00 EUR, 9,000.50 USD.');
  });

  test('has a row for every limitation and practice', () => {
    const text = textOf();
    expect(text).toMatch(
      /^prepayment-charge +affected +7 +120,000\.00 EUR, -3,450\.50 USD \(9,000\.50 USD without signs\)$/m,
    );
    expect(text).toMatch(/^mass-actions +enforced, nothing to detect$/m);
    expect(text).toMatch(/^change-plan-order-action +cannot tell$/m);
    expect(text).toMatch(/^bill-cycle-day-changed +not affected$/m);
  });

  test('ends with what to do first, numbered, with what it means', () => {
    const text = textOf();
    expect(text).toContain(
      '1. Set "Invoice Past End-of-Term when Auto-Renew is OFF" to: No [blocks go-live]\n   What is billed',
    );
    expect(text).toContain('4. Prepayment charges (7) [keeps lines from contracts]');
  });

  test('says that nothing has to be done, and what has not been read', () => {
    const clean = { limitations: [aRule()], practices: [], permissions: null, templates: [] };
    const settings = aReport().settings.filter(({ fits }) => fits === true);
    expect(textOf({ ...clean, settings })).toContain('Nothing has to be done before go-live.');
    expect(textOf({ ...clean, settings: [] })).toContain('Settings of Billing: not read yet.');
    expect(textOf({ ...clean, settings })).not.toContain('Permissions');
  });
});
