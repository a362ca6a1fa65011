import { describe, expect, test } from 'vitest';

import {
  asksForMapping,
  mappedTurn,
  readAnswer,
  refusalOfMapping,
} from '../../../src/domain/enablement/step-02-entities.ts';
import type { MappableEntity } from '../../../src/domain/tenancy/mapping.ts';

const entity = (name: string, more: Partial<MappableEntity> = {}): MappableEntity => ({
  entity: name,
  billingId: `id-${name}`,
  displayName: `Acme ${name}`,
  org: name,
  accounts: true,
  kept: [],
  ...more,
});
const US = entity('US');
const JP = entity('JP', { accounts: null });
const TOP = entity('Top', { accounts: false });
const MANY = Array.from({ length: 600 }, (_, at) => entity(`Entity-number-${at}`));

const asked = (known: readonly MappableEntity[]) => {
  const turn = asksForMapping(known);
  if (turn.kind !== 'ask') throw new Error('the step did not ask');
  return turn;
};
const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('the proposal', () => {
  test('has every entity that has accounts, or may have, where it is now', () => {
    expect(asked([TOP, US, JP]).value).toEqual({
      mapping: [
        { entity: 'US', org: 'US' },
        { entity: 'JP', org: 'JP' },
      ],
    });
    expect(asked([US, JP]).remedy).not.toContain('Without accounts');
  });

  test('would be taken as it is', () => {
    const { value } = asked([TOP, US, JP]);
    const answer = { mapping: value['mapping'] } as Parameters<typeof readAnswer>[0];
    expect(readAnswer(answer, [TOP, US, JP])).toHaveProperty('mapping');
  });

  test('of hundreds of entities is cut, and says so', () => {
    const { value, remedy } = asked(MANY);
    expect(size(value)).toBeLessThan(8_000);
    const shown = (value['mapping'] as unknown[]).length;
    expect(shown).toBeGreaterThan(50);
    expect(remedy).toContain(`${600 - shown} more have to be in the answer`);
    expect(asked([US]).remedy).not.toContain('too long');
  });
});

describe('a refusal', () => {
  test('takes over what is right, and puts the present organisation where something is wrong', () => {
    const answer = {
      mapping: [
        { entity: 'Acme US', org: 'AMER', name: 'The Americas' },
        { entity: 'US', org: 'EMEA' },
        { entity: 'JP', org: 'no key' },
      ],
    };
    const refused = refusalOfMapping(answer, [TOP, US, JP]);
    expect(refused?.value).toEqual({
      mapping: [
        { entity: 'US', org: 'AMER', name: 'The Americas' },
        { entity: 'JP', org: 'JP' },
      ],
    });
    expect(refused?.refusal).toContain('US is mapped to AMER already');
    expect(refused?.refusal).toContain('"no key" cannot be the key');
  });

  test('offers what would be taken, whatever was wrong', () => {
    const known = [TOP, US, entity('JP', { org: 'APAC', kept: ['control.run'] })];
    const wrong = [
      { mapping: [{ entity: 'nobody', org: 'X' }] },
      { mapping: [{ entity: 'JP', org: 'EMEA' }] },
      {
        mapping: [
          { entity: 'US', org: 'A', name: 'One' },
          { entity: 'JP', org: 'APAC', name: 'Asia' },
          { entity: 'Top', org: 'A', name: 'Two' },
        ],
      },
    ];
    for (const answer of wrong) {
      const refused = refusalOfMapping(answer, known);
      expect(refused).not.toBeNull();
      const offered = { mapping: refused?.value['mapping'] } as Parameters<typeof readAnswer>[0];
      expect(readAnswer(offered, known)).toHaveProperty('mapping');
    }
  });

  test('names as many mistakes as one can read, and counts the rest', () => {
    const refused = refusalOfMapping({ mapping: [{ entity: 'Entity-number-0', org: 'A' }] }, MANY);
    expect(refused?.refusal).toContain('And 589 more mistakes.');
    expect(size(refused)).toBeLessThan(12_000);
  });

  test('is not given to what is right', () => {
    expect(
      refusalOfMapping(
        {
          mapping: [
            { entity: 'US', org: 'A' },
            { entity: 'JP', org: 'A' },
          ],
        },
        [TOP, US, JP],
      ),
    ).toBeNull();
  });
});

test('the evidence of hundreds of entities is small and says what it leaves out', () => {
  const mapped = MANY.map((each) => ({ entity: each.entity, org: 'A', was: each.org }));
  const turn = mappedTurn(mapped, [...MANY, TOP], 'ann');
  expect(turn).toMatchObject({
    evidence: { entities: '601', organizations: '1', notMapped: ['Top'], leftOut: 580 },
  });
  expect(size(turn)).toBeLessThan(4_000);
});
