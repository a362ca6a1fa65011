import { describe, expect, test } from 'vitest';

import { dailyCron, SCHEDULES, scheduleZone } from '../../../src/domain/schedules/definitions.ts';
import * as workflows from '../../../workflows/index.ts';

describe('schedules', () => {
  test('have a kind of their own and start workflows that there are', () => {
    expect(new Set(SCHEDULES.map(({ kind }) => kind)).size).toBe(SCHEDULES.length);
    expect(SCHEDULES.map(({ workflow }) => workflow).filter((type) => !(type in workflows))).toEqual([]);
  });

  test.each(SCHEDULES)('of $kind run once a day at a minute that stays the same', (definition) => {
    const entities = Array.from({ length: 40 }, (_, at) => `entity-${at}`);
    const crons = entities.map((entity) => dailyCron(definition, entity));
    expect(crons.filter((cron) => !/^([0-9]|[1-5][0-9]) ([0-9]|1[0-9]|2[0-3]) \* \* \*$/.test(cron))).toEqual(
      [],
    );
    expect(new Set(crons).size).toBeGreaterThan(10);
    expect(entities.map((entity) => dailyCron(definition, entity))).toEqual(crons);
  });

  test.each([
    ['Europe/Berlin', '2025-03-30', '2025-10-26'],
    ['Europe/Helsinki', '2025-03-30', '2025-10-26'],
    ['America/New_York', '2025-03-09', '2025-11-02'],
    ['Australia/Lord_Howe', '2025-10-05', '2025-04-06'],
  ])('have an hour that every day has once, also when clocks change in %s', (timeZone, ...days) => {
    const local = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    });
    const started = (day: string, hour: number): number => {
      const from = Date.parse(`${day}T00:00:00Z`) - 86_400_000;
      const minutes = Array.from({ length: 3 * 1_440 }, (_, at) => local.format(from + at * 60_000));
      return minutes.filter((at) => at === `${day}, ${String(hour).padStart(2, '0')}:30`).length;
    };
    for (const day of days) {
      expect(SCHEDULES.map(({ hour }) => [day, hour, started(day, hour)])).toEqual(
        SCHEDULES.map(({ hour }) => [day, hour, 1]),
      );
    }
  });

  test('go by the time zone of the entity, or by UTC where that is none', () => {
    expect(scheduleZone('Europe/Berlin')).toBe('Europe/Berlin');
    expect([scheduleZone(null), scheduleZone('Middle/Earth')]).toEqual(['UTC', 'UTC']);
  });
});
