import { describe, expect, test } from 'vitest';

import { requireLookup, settingNamed } from '../../../src/domain/settings/lookups.ts';

const OWN = ['SALES_REGIONS'];
const take = (lookup: string, code: string, value: string, isNew = false) =>
  requireLookup({ lookup, code, value }, OWN, isNew);

describe('requireLookup', () => {
  test.each([
    ['AUTO_REVENUE_SYNC', 'Auto_Collect', 'N'],
    ['AUTO_REVENUE_SYNC', 'RevenueSync_Duration', '60'],
    ['AUTO_REVENUE_SYNC', 'RevenueSync_FromDate', '01-JAN-2021 00:00:00'],
    ['AUTO_REVENUE_SYNC', 'ROLE_ID', '1'],
    ['SALES_REGIONS', 'EMEA', 'Europe'],
  ])('takes %s %s = %s', (lookup, code, value) => expect(() => take(lookup, code, value)).not.toThrow());

  test.each([
    ['AUTO_REVENUE_SYNC', 'Auto_Colect', 'N', 'LOOKUP_UNKNOWN', 'Auto_Collect'],
    ['AUTO_REVENUE_SYNC', 'Auto_Collect', 'maybe', 'PROFILE_VALUE_REFUSED', 'Y or N'],
    ['AUTO_REVENUE_SYNC', 'RevenueSync_Duration', '0', 'PROFILE_VALUE_REFUSED', 'seconds'],
    ['AUTO_REVENUE_SYNC', 'RevenueSync_FromDate', '2021-01-01', 'PROFILE_VALUE_REFUSED', 'as 01-JAN-2021'],
    [
      'AUTO_REVENUE_SYNC',
      'RevenueSync_FromDate',
      '31-FEB-2021 00:00:00',
      'PROFILE_VALUE_REFUSED',
      'calendar',
    ],
    [
      'AUTO_REVENUE_SYNC',
      'RevenueSync_FromDate',
      '01-JAN-2021 24:00:00',
      'PROFILE_VALUE_REFUSED',
      'calendar',
    ],
    ['AUTO_REVENUE_SYNC', 'RevenueSync_FromDate', '01-JAN-0021 00:00:00', 'PROFILE_VALUE_REFUSED', '1900'],
    ['SALES_REGION', 'EMEA', '1', 'LOOKUP_UNKNOWN', 'SALES_REGIONS'],
    ['RPRO_KS_ZUORA_ENTITIES', 'id', 'org', 'LOOKUP_FOLLOWS_MAPPING', 'Map the entity'],
  ])('refuses %s %s = %s', (lookup, code, value, error, remedy) => {
    expect(() => take(lookup, code, value)).toThrow(
      expect.objectContaining({ code: error, remedy: expect.stringContaining(remedy) }),
    );
  });

  test('says of a time that there is none such', () => {
    expect(() => take('AUTO_REVENUE_SYNC', 'RevenueSync_FromDate', '31-FEB-2021 00:00:00')).toThrow(
      'AUTO_REVENUE_SYNC RevenueSync_FromDate cannot be "31-FEB-2021 00:00:00": there is no such time',
    );
  });

  test('takes a lookup that is not there yet only when that is meant', () => {
    expect(() => take('CHANNELS', 'WEB', '1', true)).not.toThrow();
    expect(() => take('CHANNELS', 'WEB', '1')).toThrow('There is no lookup CHANNELS');
    expect(() => take('no name', 'WEB', '1', true)).toThrow('There is no lookup');
  });
});

describe('settingNamed', () => {
  test.each([
    ['REPORTING_CURRENCY', null, 'REPORTING_CURRENCY', null],
    ['AUTO_REVENUE_SYNC', 'Auto_Collect', 'AUTO_REVENUE_SYNC', 'Auto_Collect'],
    ['AUTO_REVENUE_SYNC.Auto_Collect', null, 'AUTO_REVENUE_SYNC', 'Auto_Collect'],
    ['Auto_Collect', null, 'AUTO_REVENUE_SYNC', 'Auto_Collect'],
    ['SALES_REGIONS.EMEA.1', null, 'SALES_REGIONS', 'EMEA.1'],
  ])('reads %s and %s as %s and %s', (name, code, expectedName, expectedCode) => {
    expect(settingNamed(name, code)).toEqual({ name: expectedName, code: expectedCode });
  });
});
