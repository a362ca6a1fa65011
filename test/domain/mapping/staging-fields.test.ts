import { describe, expect, test } from 'vitest';

import {
  findStagingField,
  GUARDED_LABELS,
  STAGING_FIELDS,
} from '../../../src/domain/mapping/staging-fields.ts';

describe('STAGING_FIELDS', () => {
  test('have a label and a column each, no two alike', () => {
    expect(new Set(STAGING_FIELDS.map(({ label }) => label)).size).toBe(STAGING_FIELDS.length);
    expect(new Set(STAGING_FIELDS.map(({ column }) => column)).size).toBe(STAGING_FIELDS.length);
    for (const { column } of STAGING_FIELDS) expect(column).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
  });

  test('have the sixty attributes, as text, for templates to map to', () => {
    const attributes = STAGING_FIELDS.filter(({ label }) => /^ATR\d+$/.test(label));
    expect(attributes.map(({ label }) => label)).toEqual(
      Array.from({ length: 60 }, (_, index) => `ATR${index + 1}`),
    );
    expect(attributes.every(({ type, derived }) => type === 'Character' && !derived)).toBe(true);
  });

  test('leave to the pipeline what no mapping document has', () => {
    const derived = STAGING_FIELDS.filter((field) => field.derived).map(({ label }) => label);
    expect(derived).toContain('SO Line Id');
    expect(derived).toContain('Term Number');
    expect(derived).not.toContain('Ext Sell Price');
  });
});

describe('findStagingField', () => {
  test('finds a field by its label alone, as the documents spell it', () => {
    expect(findStagingField('Ext Sell Price')).toMatchObject({ column: 'ext_sell_price', type: 'Number' });
    expect(findStagingField('ext sell price')).toBeUndefined();
  });
});

describe('GUARDED_LABELS', () => {
  test('are the nine fields of "Collecting subscriptions of the same version"', () => {
    expect(new Set(GUARDED_LABELS)).toEqual(
      new Set([
        'SO Book Date',
        'Ext Sell Price',
        'Ext List Price',
        'Subscription Start Date',
        'Subscription End Date',
        'Ordered Qty',
        'CT Mod Date',
        'Amendment Reason',
        'Duration',
      ]),
    );
    expect(GUARDED_LABELS).toHaveLength(9);
    expect(GUARDED_LABELS.filter((label) => findStagingField(label) === undefined)).toEqual([]);
  });
});
