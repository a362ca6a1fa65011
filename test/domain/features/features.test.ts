import { describe, expect, test } from 'vitest';

import { findObject } from '../../../src/domain/catalogue/catalogue.ts';
import { APIS } from '../../../src/domain/features/access.ts';
import type { Need } from '../../../src/domain/features/feature.ts';
import { FEATURES } from '../../../src/domain/features/features.ts';

const needsOf = (need: Need): string[] => (need.kind === 'field' ? [...need.anyOf] : []);

describe('FEATURES', () => {
  test('have ids of their own', () => {
    const ids = FEATURES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('ask for nothing that revsync does not know', () => {
    const needs = FEATURES.flatMap(({ ways, off }) => [
      ...ways.flatMap((way) => way.needs),
      ...(off?.without ?? []),
    ]);
    const unknown = needs.flatMap((need) => {
      if (need.kind === 'api') return need.api in APIS ? [] : [need.api];
      if (need.kind === 'field') {
        return needsOf(need).filter((name) => {
          const [object = '', field = ''] = name.split('.');
          return findObject(object)?.fields[field] === undefined;
        });
      }
      return findObject(need.object) === undefined ? [need.object] : [];
    });
    expect(needs.length).toBeGreaterThan(100);
    expect(unknown).toEqual([]);
  });

  test('are essential where nothing becomes revenue without them', () => {
    expect(FEATURES.filter(({ essential }) => essential).map(({ id }) => id)).toEqual([
      'bookings',
      'billings',
      'booking-amounts',
      'multi-entity',
    ]);
  });

  test('ask for every interface, so that none is refused without a consequence', () => {
    const asked = new Set(
      FEATURES.flatMap(({ ways }) => ways.flatMap((way) => way.needs)).flatMap((need) =>
        need.kind === 'api' ? [need.api] : [],
      ),
    );
    expect(Object.keys(APIS).filter((api) => ![...asked].some((one) => one === api))).toEqual([]);
  });

  test.each(FEATURES.map((feature) => [feature.id, feature] as const))(
    '%s says in sentences what happens without it and what to do',
    (_id, { without, remedy, ways }) => {
      for (const text of [without, remedy]) expect(text).toMatch(/^[A-Z].*\.$/s);
      expect(ways.length).toBeGreaterThan(0);
    },
  );

  test('book percentage discounts and prices apart from bookings, which go on without them', () => {
    const bookings = FEATURES.find(({ id }) => id === 'bookings');
    const fields = bookings?.ways.flatMap((way) => way.needs.flatMap(needsOf)) ?? [];
    const foreign = fields.filter((name) =>
      /^(DiscountContractualValues|ChargeContractualValueAllCharges|Ramp)\./.test(name),
    );
    expect(foreign).toEqual([]);
    expect(fields).toContain('RatePlanCharge.OriginalOrderDate');
  });
});
