import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { HOLD_TEXTS } from '../../src/domain/holds.ts';

const TRANSFORM = join(import.meta.dirname, '../../src/store/transform');
const source = readdirSync(TRANSFORM)
  .map((file) => readFileSync(join(TRANSFORM, file), 'utf8'))
  .join('\n');

/** Every id that the transformation can write, as its source spells them. */
const raised = [
  ...[...source.matchAll(/\bmissing\('([a-z-]+)'/g)].map(([, what]) => `missing-${what}`),
  ...[
    ...source.matchAll(
      /'((?:missing|waits-for)-[a-z-]+|same-version-recollection|custom-field-update|possible-replacement)[:']/g,
    ),
  ].map(([, id]) => id ?? ''),
];

/** interface.md: the ids that a line may be held by. */
const KNOWN = new Set([
  ...[
    'business-unit',
    'company-code',
    'revenue-start-date',
    'organization',
    'so-line-id',
    'ext-sell-price',
    'sales-order-date',
    'exchange-rate',
    'sequence-number',
    'ordered-qty',
    'invoice-line-id',
    'invoice-date',
    'term-number',
    'reference',
    'accounting-code',
  ].map((what) => `missing-${what}`),
  'waits-for-price',
  'same-version-recollection',
  'custom-field-update',
  'possible-replacement',
]);

describe('HOLD_TEXTS', () => {
  test('has a text for every hold that forming a line can find', () => {
    expect(raised.length).toBeGreaterThan(10);
    expect([...new Set(raised)].filter((id) => HOLD_TEXTS[id] === undefined)).toEqual([]);
    expect(HOLD_TEXTS['orphan']).toBeDefined();
  });

  test('knows no other id than those of the interface', () => {
    expect(Object.keys(HOLD_TEXTS).filter((id) => id !== 'orphan' && !KNOWN.has(id))).toEqual([]);
  });

  test.each(Object.entries(HOLD_TEXTS))('%s says what is held and what to do, in sentences', (_id, text) => {
    expect(text.message).toContain('{source}');
    expect(text.message).toMatch(/[.:] ?$|\.$/);
    expect(text.remedy).toMatch(/^[A-Z].*\.$/);
  });
});
