import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadTemplate } from '../../../src/store/templates/load-template.ts';
import { findTemplate } from '../../../src/store/templates/template-versions.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { anyTemplate, invoiceRows, invoiceTemplate } from '../../support/templates.ts';

const ATR1 = { from: 'Account.Name', to: 'ATR1', type: 'Character' } as const;

describe('loadTemplate', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const load = (change = {}) => loadTemplate(database.db, { template: invoiceTemplate(change), by: 'ann' });

  test('keeps a changed template as the next version, and the same one not again', async () => {
    expect(await load()).toMatchObject({ loaded: { id: 'Mine@1' }, unchanged: false });
    expect(await load()).toMatchObject({ loaded: { id: 'Mine@1' }, unchanged: true });
    expect(await load({ rows: invoiceRows(ATR1) })).toMatchObject({ loaded: { id: 'Mine@2' } });
    expect(await load()).toMatchObject({ loaded: { id: 'Mine@3' }, unchanged: false });
  });

  test('leaves a version that is in use as it is', async () => {
    const used = await keptDefault(database.db, invoiceTemplate({ name: 'Used' }));
    expect(await load({ name: 'Used' })).toEqual({ loaded: used, unchanged: true });
    expect(await load({ name: 'Used', entity: 'US' })).toMatchObject({
      loaded: { version: 2, status: 'draft' },
    });
  });

  test('refuses another type under a name that is taken', async () => {
    await load({ name: 'Taken' });
    await expect(load({ name: 'Taken', type: 'CM' })).rejects.toMatchObject({
      code: 'TEMPLATE_TYPE_DIFFERS',
    });
  });

  test('numbers versions one after the other, however many come at once', async () => {
    const values = ['1', '2', '3', '4', '5'];
    const constants = (value: string) => ({
      name: 'Crowd',
      constants: [{ to: 'ATR1', type: 'Character', value }],
    });
    const all = await Promise.all(values.map((value) => load(constants(value))));
    expect(all.map(({ loaded }) => loaded.version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  test('gives every template back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyTemplate, async (template) => {
        // Names are shared by chance; a type of its own keeps them apart.
        const named = { ...template, name: `${template.type} ${template.name}` };
        await loadTemplate(database.db, { template: named, by: 'ann' });
        const kept = await findTemplate(database.db, { name: named.name });
        expect(kept.template).toEqual(named);
      }),
      { numRuns: 60 },
    );
  });
});
