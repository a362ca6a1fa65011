import { describe, expect, test } from 'vitest';

import { PROFILES, requireProfile } from '../../../src/domain/settings/profiles.ts';

/** domain.md, sections 5.1 and 6. */
const NAMED = [
  'KS_ENABLE_ZBILL_EXCHG_RATE',
  'KS_ENABLE_PENDING_ORDERS_GEN',
  'ZBILLING_INTEGRATION',
  'ZBILL_MULTI_ENTITY_MULTI_ORG',
  'AUTO_REVENUESYNC',
  'BILLING_EXCHANGE_RATE_DATE',
  'SSP_WITHIN_FV_GRP_BY_COL',
  'SEGMENT_DELIMITER',
  'BOOKING_RECON_BY_RPC_UPDT_DT',
  'AUTO_RECON_DTL_REP_LAYOUT',
  'RETAIN_SO',
  'MAINTAIN_OPEN_PERIOD',
  'EX_RATE_VALIDATION',
  'REPORTING_CURRENCY',
  'MULTI_CURR_FV_REPORT_LEVEL',
  'ENABLE_SOURCE_R_EX_RATE',
  'ALLOW_OVERSTATED_INVOICE',
  'ENABLE_CONTRACTUAL_PROSPECTIVE',
  'AVERAGE_PRICING_METHOD',
  'RAMP_HOLD_THRESHOLD',
  'ENABLE_CSV_DATA_SANITIZATION',
  'INVOICE_CONTRACT_RATABLE',
  'CREATE_RORD_CONTRA_ENTRY',
  'CONSUME_DELETED_TRANSACTION',
];

describe('PROFILES', () => {
  test('lists every profile that the sources name, once, with what it does', () => {
    expect(PROFILES.map(({ name }) => name).toSorted()).toEqual(NAMED.toSorted());
    for (const { does } of PROFILES) expect(does).toMatch(/^[A-Z].*\.$/);
  });

  test('has defaults that may be set', () => {
    for (const { name, default: standing } of PROFILES) {
      if (standing !== null) expect(() => requireProfile(name, standing)).not.toThrow();
    }
  });
});

describe('requireProfile', () => {
  test.each([
    ['KS_ENABLE_ZBILL_EXCHG_RATE', 'N'],
    ['BILLING_EXCHANGE_RATE_DATE', 'Rate On Specified Date'],
    ['REPORTING_CURRENCY', 'JPY'],
    ['REPORTING_CURRENCY', ''],
    ['RAMP_HOLD_THRESHOLD', '12.5'],
  ])('takes %s = %j', (name, value) => expect(() => requireProfile(name, value)).not.toThrow());

  test.each([
    ['KS_ENABLE_ZBILL_EXCHG_RAT', 'Y', 'PROFILE_UNKNOWN', 'KS_ENABLE_ZBILL_EXCHG_RATE'],
    ['REPORTING_CURENCY', 'USD', 'PROFILE_UNKNOWN', 'REPORTING_CURRENCY'],
    ['REPORTING_CURRENCY', 'XYZ', 'PROFILE_VALUE_REFUSED', 'ISO 4217'],
    ['X', 'Y', 'PROFILE_UNKNOWN', '`revsync profile list`'],
    ['KS_ENABLE_ZBILL_EXCHG_RATE', 'Yes', 'PROFILE_VALUE_REFUSED', 'Y or N'],
    ['BILLING_EXCHANGE_RATE_DATE', 'Latest Rate', 'PROFILE_VALUE_REFUSED', 'Latest Rate Available'],
    ['REPORTING_CURRENCY', 'usd', 'PROFILE_VALUE_REFUSED', 'USD'],
    ['REPORTING_CURRENCY', "USD'; drop table control.profile; --", 'PROFILE_VALUE_REFUSED', 'USD'],
  ])('refuses %s = %j', (name, value, code, remedy) => {
    expect(() => requireProfile(name, value)).toThrow(
      expect.objectContaining({ code, remedy: expect.stringContaining(remedy) }),
    );
  });
});
