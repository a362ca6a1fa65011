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

  test('go by the time zone of the entity, or by UTC where that is none', () => {
    expect(scheduleZone('Europe/Berlin')).toBe('Europe/Berlin');
    expect([scheduleZone(null), scheduleZone('Middle/Earth')]).toEqual(['UTC', 'UTC']);
  });
});
