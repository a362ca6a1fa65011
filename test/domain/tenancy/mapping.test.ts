import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type MappableEntity, readMapping } from '../../../src/domain/tenancy/mapping.ts';

const entity = (key: string, more: Partial<MappableEntity> = {}): MappableEntity => ({
  entity: key,
  billingId: `id-${key}`,
  displayName: `The ${key}`,
  org: key,
  accounts: true,
  kept: [],
  ...more,
});
const KNOWN = [entity('global', { accounts: false }), entity('us'), entity('uk'), entity('japan')];

const read = (mapping: unknown, known = KNOWN, whole = true) => readMapping({ mapping }, known, { whole });
const mistakesOf = (result: ReturnType<typeof readMapping>) =>
  'mistakes' in result ? result.mistakes.map(({ path, message }) => `${path}: ${message}`) : [];

describe('readMapping', () => {
  test('takes entities by key, Billing id or display name, and several into one organisation', () => {
    const mapping = [
      { entity: 'us', org: 'west', name: 'The West' },
      { entity: 'id-uk', org: 'west' },
      { entity: 'The japan', org: 'east' },
    ];
    expect(read(mapping)).toEqual({
      mapping: [
        { entity: 'us', org: 'west', name: 'The West' },
        { entity: 'uk', org: 'west', name: null },
        { entity: 'japan', org: 'east', name: null },
      ],
    });
  });

  test('lets an entity without accounts be left out or mapped', () => {
    const others = ['us', 'uk', 'japan'].map((each) => ({ entity: each, org: each }));
    expect(mistakesOf(read(others))).toEqual([]);
    expect(mistakesOf(read([...others, { entity: 'global', org: 'us' }]))).toEqual([]);
  });

  test('lists all mistakes at once', () => {
    const kept = [...KNOWN.slice(0, 3), entity('japan', { kept: ['control.run', 'staging.line'] })];
    const mapping = [
      { entity: 'us', org: 'west', name: 'West' },
      { entity: 'id-us', org: 'east', name: 'East' },
      { entity: 'ukk', org: 'west', name: 'Wild West' },
      { entity: 'japan', org: 'Ost & Süd' },
    ];
    const result = read(mapping, kept);
    expect(mistakesOf(result)).toEqual([
      'mapping[2].entity: Billing has no entity "ukk".',
      'mapping[3].org: "Ost & Süd" cannot be the key of an organisation: letters, digits, dot, hyphen and underscore, at most 64.',
      'mapping[1]: Entity us is mapped to west already; it cannot belong to east too.',
      'mapping[2].name: Organisation west is called "West" already.',
      'mapping[3].org: Entity japan belongs to japan for good: everything it has is kept under its organisation, and it has runs, and what they brought.',
      'mapping: Entity uk (The uk) is left out, and has accounts in Billing.',
    ]);
    expect('mistakes' in result && result.mistakes.map(({ suggestion }) => suggestion).slice(0, 2)).toEqual([
      'Did you mean uk?',
      'Write for example Ost-Sud, and the name as name.',
    ]);
  });

  test('does not guess between entities of one display name', () => {
    const twins = [entity('us', { displayName: 'Twin' }), entity('uk', { displayName: 'Twin' })];
    expect(mistakesOf(read([{ entity: 'Twin', org: 'west' }], twins, false))).toEqual([
      'mapping[0].entity: Several entities are called "Twin".',
    ]);
    expect(mistakesOf(read([{ entity: 'us', org: 'west' }], twins, false))).toEqual([]);
  });

  test('takes an entity that says the same twice, and one that stays where everything is kept', () => {
    const kept = [entity('us', { kept: ['control.run'] })];
    const twice = [
      { entity: 'us', org: 'us' },
      { entity: 'id-us', org: 'us' },
    ];
    expect(read(twice, kept)).toEqual({ mapping: [{ entity: 'us', org: 'us', name: null }] });
  });

  test('wants entities of which Billing does not say whether they have accounts', () => {
    expect(
      mistakesOf(read([{ entity: 'us', org: 'us' }], [entity('us'), entity('uk', { accounts: null })])),
    ).toEqual(['mapping: Entity uk (The uk) is left out, and may have accounts in Billing.']);
  });

  test('says what keeps an entity that has had no run', () => {
    const known = [entity('us', { kept: ['control.exchange_rate'] })];
    expect(mistakesOf(read([{ entity: 'us', org: 'west' }], known))).toEqual([
      expect.stringContaining('and it has rows in control.exchange_rate.'),
    ]);
  });

  test.each([
    [{}, 'mapping: mapping is missing.'],
    [{ mapping: [] }, 'mapping: mapping is empty.'],
    [{ mapping: [{ entity: 'us' }] }, 'mapping[0].org: mapping[0].org is missing.'],
    [{ mapping: [{ entity: 'us', org: 7 }] }, 'mapping[0].org: mapping[0].org has to be text.'],
    [
      { mapping: [{ entity: 'us', org: 'us', organization: 'us' }] },
      'mapping[0].organization: There is no organization here.',
    ],
    ['us', ': The mapping has to be an object with names and values.'],
  ])('says of %j what is wrong', (input, mistake) => {
    expect(mistakesOf(readMapping(input, KNOWN, { whole: false }))).toEqual([mistake]);
  });

  test('never maps an entity to two organisations, whatever is written', () => {
    const names = KNOWN.flatMap(({ entity: key, billingId, displayName }) => [
      key,
      billingId ?? '',
      displayName,
    ]);
    const entry = fc.record({ entity: fc.constantFrom(...names), org: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (mapping) => {
        const result = read(mapping, KNOWN, false);
        if ('mistakes' in result) return;
        const keys = result.mapping.map((each) => each.entity);
        expect(new Set(keys).size).toBe(keys.length);
        for (const each of mapping) {
          const at = KNOWN.find(({ entity: key, billingId, displayName }) =>
            [key, billingId, displayName].includes(each.entity),
          );
          expect(result.mapping.find(({ entity: key }) => key === at?.entity)?.org).toBe(each.org);
        }
      }),
    );
  });
});
