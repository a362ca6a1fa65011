import { describe, expect, test } from 'vitest';

import {
  type ScheduledEntity,
  type ScheduleSettings,
  wantedSchedules,
} from '../../../src/domain/schedules/wanted-schedules.ts';

const entity = (name: string, change: Partial<ScheduledEntity> = {}): ScheduledEntity => ({
  entity: name,
  org: name,
  timezone: null,
  home: 'USD',
  inUse: ['EUR', 'USD'],
  ...change,
});

const MANUAL = { reporting: null, instantOn: false, autoCollect: false };

const needs = (entities: readonly ScheduledEntity[], settings: Partial<ScheduleSettings> = {}) =>
  Object.fromEntries(
    wantedSchedules(entities, { ...MANUAL, ...settings }).map(({ id, notNeeded }) => [id, notNeeded]),
  );

describe('wantedSchedules', () => {
  test('are three for a tenant of one entity: rates, sync and collection', () => {
    const wanted = wantedSchedules([entity('demo', { org: 'default' })], MANUAL);
    expect(wanted).toMatchObject([
      { id: 'exchange-rate-sync/demo', entity: 'demo', org: 'default', input: { entity: 'demo' } },
      { id: 'revenue-sync/demo', entity: 'demo', org: 'default', input: { entity: 'demo' } },
      { id: 'data-collection/default', entity: null, org: 'default', input: { org: 'default' } },
    ]);
    expect(wanted.map(({ notNeeded }) => notNeeded)).toEqual([null, null, null]);
  });

  test('of a day follow one another: rates, then the sync that needs them, then the collection', () => {
    const hours = wantedSchedules([entity('demo')], MANUAL).map(({ cron }) => Number(cron.split(' ')[1]));
    expect(hours).toEqual([4, 5, 7]);
  });

  test('are one collection for entities that share an organisation, in the time zone of the first', () => {
    const wanted = wantedSchedules(
      [
        entity('de', { org: 'emea', timezone: 'Europe/Berlin' }),
        entity('uk', { org: 'emea', timezone: 'Europe/London' }),
        entity('us', { timezone: 'America/Denver' }),
      ],
      MANUAL,
    );
    const collections = wanted.filter(({ definition }) => definition.kind === 'data-collection');
    expect(collections.map(({ id, timezone }) => [id, timezone])).toEqual([
      ['data-collection/emea', 'Europe/Berlin'],
      ['data-collection/us', 'America/Denver'],
    ]);
  });

  test('need no collection where each sync collects by itself', () => {
    expect(needs([entity('demo')], { autoCollect: true })).toMatchObject({
      'revenue-sync/demo': null,
      'data-collection/demo': expect.stringContaining('Auto_Collect is Y'),
    });
  });

  test('need no sync where Instant On runs it, and a collection where that does not collect', () => {
    expect(needs([entity('demo')], { instantOn: true })).toMatchObject({
      'revenue-sync/demo': expect.stringContaining('Instant On runs it'),
      'data-collection/demo': null,
    });
  });

  test('need rates for entities that convert, also for a reporting currency alone', () => {
    const entities = [
      entity('emea'),
      entity('us', { inUse: ['USD'] }),
      entity('bare', { home: null, inUse: [] }),
    ];
    const rates = (reporting: string | null) =>
      Object.entries(needs(entities, { reporting }))
        .filter(([id, notNeeded]) => id.startsWith('exchange-rate-sync/') && notNeeded === null)
        .map(([id]) => id.replace('exchange-rate-sync/', ''));
    expect(rates(null)).toEqual(['emea']);
    expect(rates('GBP')).toEqual(['emea', 'us']);
    expect(needs([entity('bare', { home: null })], { reporting: 'KWD' })).toMatchObject({
      'exchange-rate-sync/bare': null,
    });
  });
});
