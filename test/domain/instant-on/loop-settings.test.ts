import { describe, expect, test } from 'vitest';

import {
  howToTurnOn,
  loopSettings,
  type WrittenSettings,
} from '../../../src/domain/instant-on/loop-settings.ts';

const read = (written: Partial<WrittenSettings>, zone = 'UTC') =>
  loopSettings({ profile: 'Yes', fromDate: null, duration: null, ...written }, zone);

describe('the settings of Instant On', () => {
  test('are thirty seconds and no date where the lookup says nothing', () => {
    expect(read({})).toEqual({ on: true, off: null, from: null, seconds: 30, secondsFrom: 'default' });
  });

  test('are those of the lookup, its date by the clocks of the entity', () => {
    expect(read({ fromDate: '01-JAN-2021 00:00:00', duration: '600' }, 'Europe/Berlin')).toMatchObject({
      from: '2020-12-31T23:00:00.000Z',
      seconds: 600,
      secondsFrom: 'RevenueSync_Duration',
    });
  });

  test.each(['0', '-5', '1000000', '30.5', 'soon'])('a duration of %s is none', (duration) => {
    expect(read({ duration })).toMatchObject({ seconds: 30, secondsFrom: 'default' });
  });

  test.each([null, 'No'])('are off where the profile is %s, and say how to turn them on', (profile) => {
    const settings = read({ profile });
    expect(settings).toMatchObject({ on: false, off: expect.stringContaining('AUTO_REVENUESYNC is') });
    expect(howToTurnOn(settings)).toContain('revsync profile set AUTO_REVENUESYNC Yes');
  });

  test('are off where the date cannot be read, and say what one looks like', () => {
    const settings = read({ fromDate: '31-FEB-2021 00:00:00' });
    expect(settings).toMatchObject({ on: false, off: expect.stringContaining('"31-FEB-2021 00:00:00"') });
    expect(howToTurnOn(settings)).toContain('RevenueSync_FromDate "01-JAN-2021 00:00:00"');
  });
});
