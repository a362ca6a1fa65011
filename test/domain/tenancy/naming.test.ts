import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { entityKeys, type NamedEntity, slug } from '../../../src/domain/tenancy/naming.ts';

const KEY = /^[A-Za-z0-9._-]{1,64}$/;

describe('slug', () => {
  test.each([
    ['Müller & Söhne GmbH', 'Muller-Sohne-GmbH'],
    ['US', 'US'],
    ['  spaces around  ', 'spaces-around'],
    ['a.b_c-d', 'a.b_c-d'],
    ['日本', 'entity'],
    ['', 'entity'],
    ['--', 'entity'],
  ])('%j becomes %j', (name, key) => {
    expect(slug(name)).toBe(key);
  });

  test('is a key, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (name) => {
        expect(slug(name)).toMatch(KEY);
      }),
    );
  });

  test('leaves a key as it is', () => {
    const keys = fc.stringMatching(/^[A-Za-z0-9._][A-Za-z0-9._-]{0,62}[A-Za-z0-9._]$/);
    fc.assert(
      fc.property(keys, (key) => {
        expect(slug(key)).toBe(key);
      }),
    );
  });
});

describe('entityKeys', () => {
  const entity = (id: string, displayName: string): NamedEntity => ({ id, displayName });

  test('gives each entity the slug of its display name', () => {
    const keys = entityKeys([entity('1a', 'United States'), entity('2b', 'Japan')]);
    expect([...keys.values()]).toEqual(['United-States', 'Japan']);
  });

  test('tells two of one name apart by four hex digits of their ids', () => {
    const keys = entityKeys([entity('1a2b3c4d', 'US'), entity('5e6f7a8b', 'US')]);
    expect(keys).toEqual(
      new Map([
        ['1a2b3c4d', 'US-1a2b'],
        ['5e6f7a8b', 'US-5e6f'],
      ]),
    );
  });

  test('takes names that differ in case for one, since files and people do', () => {
    expect([...entityKeys([entity('1a2b', 'us'), entity('5e6f', 'US')]).values()]).toEqual([
      'us-1a2b',
      'US-5e6f',
    ]);
  });

  test('tells entities apart whose ids begin alike, as Zuora’s do', () => {
    const keys = entityKeys([
      entity('2c92c0f9-5a1b-4c2d-8e3f-000000000001', 'US'),
      entity('2c92c0f9-5a1b-4c2d-8e3f-000000000002', 'US'),
    ]);
    expect(new Set(keys.values()).size).toBe(2);
    for (const key of keys.values()) expect(key).toMatch(/^US-[0-9a-f]{4,}$/);
  });

  test('tells a colliding entity apart from one whose name looks like its key', () => {
    const keys = entityKeys([entity('1a2b', 'US'), entity('5e6f', 'US'), entity('7777', 'US-1a2b')]);
    expect(new Set(keys.values()).size).toBe(3);
  });

  const ids = fc.uuid().map((id) => id.replaceAll('-', ''));
  const names = fc.oneof(
    fc.constantFrom('US', 'us', 'U S', 'Umsätze', 'Umsatze', ''),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  );
  const entities = fc.uniqueArray(fc.record({ id: ids, displayName: names }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 12,
  });

  test('are keys, and each is another one', () => {
    fc.assert(
      fc.property(entities, (list) => {
        const keys = [...entityKeys(list).values()];
        for (const key of keys) expect(key).toMatch(KEY);
        expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(list.length);
      }),
    );
  });

  test('do not depend on the order in which Billing lists the entities', () => {
    fc.assert(
      fc.property(entities, (list) => {
        const sorted = (keys: Map<string, string>) => [...keys].toSorted(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(entityKeys(list.toReversed()))).toEqual(sorted(entityKeys(list)));
      }),
    );
  });
});
