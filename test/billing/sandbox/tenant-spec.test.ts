import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { isTrip, NO_TRIP, TRIPS } from '../../../src/billing/sandbox/generate/trips.ts';
import { DEFAULT_SPEC, parseTenantSpec, specText } from '../../../src/billing/sandbox/tenant-spec.ts';
import { LIMITATION_IDS } from '../../../src/domain/limitations.ts';

describe('parseTenantSpec', () => {
  test('takes defaults for what is not said', () => {
    expect(parseTenantSpec('')).toEqual(DEFAULT_SPEC);
    expect(parseTenantSpec('from=2020-03-15').until).toBe('2021-09-15');
  });

  test('reads lists, whatever separates them', () => {
    const wanted = {
      currencies: ['USD', 'JPY'],
      trip: ['prepayment-charge'],
      settlement: true,
      plain: true,
      ccv: 'data-query',
      items: 5,
    };
    for (const text of [
      'currencies=USD,JPY,items=5,settlement=on,plain=on,ccv=data-query,trip=prepayment-charge',
      'items=5, currencies=USD+JPY, trip=prepayment-charge, settlement=on, plain=on, ccv=data-query',
    ]) {
      expect(parseTenantSpec(text)).toMatchObject(wanted);
      expect(parseTenantSpec(specText(parseTenantSpec(text)))).toEqual(parseTenantSpec(text));
    }
  });

  test('reads the same keys from a JSON file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spec-'));
    const path = join(folder, 'spec.json');
    await writeFile(path, '{"items": 7, "seed": "3", "currencies": ["EUR"], "settlement": false}');
    expect(parseTenantSpec(path)).toMatchObject({
      items: 7,
      seed: 3,
      currencies: ['EUR'],
      settlement: false,
    });
    await writeFile(path, '{"items": ');
    expect(() => parseTenantSpec(path)).toThrow('not a JSON object');
    await rm(folder, { recursive: true });
    expect(() => parseTenantSpec(path)).toThrow('there is no file');
  });

  test('takes every known limitation that leaves something in Billing, and says why not the others', () => {
    expect(parseTenantSpec(`trip=${TRIPS.join(',')}`).trip).toEqual(TRIPS);
    const others = LIMITATION_IDS.filter((id) => !isTrip(id));
    expect(others).toHaveLength(LIMITATION_IDS.length - TRIPS.length);
    const refusal = (id: string): string => {
      try {
        return specText(parseTenantSpec(`plain=on,trip=prepayment-charge,${id}`));
      } catch (error) {
        return String(error);
      }
    };
    for (const id of others)
      expect(refusal(id)).toContain(`trip cannot be ${id}, which ${NO_TRIP[id]}; must`);
    expect(refusal('mass-actions')).toContain('leaves nothing in Billing');
    expect(refusal('custom-field-update')).toContain('/__sandbox/changes');
  });

  test('names all mistakes at once', () => {
    const text =
      'items=many,sed=1,currencies=DOLLAR,from=2024-02-30,trip=everything,entities=0,ccv=soap,items=3,word';
    let message = '';
    try {
      parseTenantSpec(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'SANDBOX_SPEC_INVALID', fate: 'fix-input' });
      message = String(error);
    }
    for (const part of [
      "no key 'sed'",
      'currencies must be',
      'from must be',
      "trip knows no limitation 'everything'; must be of change-plan-order-action, evergreen-conversion,",
      'entities must be',
      'ccv must be one of aqua, data-query, none',
      "'items' is given twice",
    ]) {
      expect(message).toContain(part);
    }
    expect(() => parseTenantSpec('items=1,until=2024-01-02')).toThrow('three months');
  });
});
