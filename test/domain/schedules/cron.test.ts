import { describe, expect, test } from 'vitest';

import { cronMistake } from '../../../src/domain/schedules/cron.ts';
import { CRONS_REFUSED, CRONS_TAKEN } from '../../support/crons.ts';

describe('a cron expression', () => {
  test.each(CRONS_TAKEN)('is taken where Temporal takes it: %s', (cron) => {
    expect(cronMistake(cron)).toBeNull();
  });

  test.each(CRONS_REFUSED)('is refused where Temporal refuses it: %s', (cron) => {
    expect(cronMistake(cron)).not.toBeNull();
  });

  test.each([
    '0 0 31 2 *',
    '0 0 30-31 feb *',
    '0 5 31 4,6,9,11 *',
    '0 5 31/5 2 1',
    '0 5 29 2 * 2030',
    '0 0 5 30 2 * *',
  ])('is refused where its day never comes: %s', (cron) => {
    expect(cronMistake(cron)).toBe('it never fires, since none of its months has such a day');
  });

  test.each([
    '0 0 29 2 *',
    '0 0 31 1,2 *',
    '0 0 28-31 2 *',
    '0 0 */31 2 *',
    '0 5 31 */2 *',
    '0 5 29 2 * 2028',
  ])('is taken where its day comes at times: %s', (cron) => {
    expect(cronMistake(cron)).toBeNull();
  });

  test('that is refused says where it is wrong', () => {
    expect(cronMistake('daily')).toBe('it has 1 places instead of five');
    expect(cronMistake('0 24 * * *')).toBe('"24" is no hour from 0 to 23');
    expect(cronMistake('0 5 * * mon,8')).toBe('"8" is no day of the week from 0 to 7');
    expect(cronMistake('*/0 5 * * *')).toBe('"*/0" is no minute from 0 to 59');
  });
});
