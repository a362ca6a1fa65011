import { describe, expect, test } from 'vitest';

import { choicesFor } from '../../../src/domain/releases.ts';
import { CHARGE_STOPS } from '../../../src/limitations/all-limitations.ts';
import { BILLINGS_FLOW, STOP_TEXTS } from '../../../src/store/limitations/charge-stops.ts';

describe('the rules that stop bookings', () => {
  test.each(CHARGE_STOPS.filter(({ stop }) => stop.instead.length > 0))(
    '$id, which keeps what is missing to itself, lets nobody release the line without it',
    ({ id }) => {
      const held = { limitation: id, kind: 'limitation', type: 'SO', overridable: false };
      expect(choicesFor(held)).toEqual([]);
    },
  );

  test.each(CHARGE_STOPS.filter(({ stop }) => stop.freedAs !== undefined))(
    '$id can be released as what frees its SO line',
    ({ id, stop }) => {
      const held = { limitation: id, kind: 'limitation', type: 'SO', overridable: false };
      expect(choicesFor(held)).toEqual([stop.freedAs]);
    },
  );

  test('have a text each, which names the source and what is wrong', () => {
    for (const { id } of CHARGE_STOPS) {
      expect(STOP_TEXTS[id]?.message).toMatch(/\{source\}.*\{detail\}/);
      expect(STOP_TEXTS[id]?.remedy).toMatch(/\.$/);
    }
    expect(Object.keys(STOP_TEXTS)).toContain(BILLINGS_FLOW);
  });
});
