import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { TemplateType } from '../../../src/domain/mapping/transaction-template.ts';
import { ensureOpenPeriod } from '../../../src/store/periods.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { provenRight } from '../../support/dry-runs.ts';
import { generatedRows } from '../../support/generated-rows.ts';
import { sensibleTemplate } from '../../support/sensible-templates.ts';
import { collectOrg, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

/** The same cases every time; a failure prints the case. */
const FIXED = { seed: 20_240_229, numRuns: 3, endOnFailure: true } as const;
const LIMIT = 300_000;

/** Templates that follow each other on one tenant. */
const STEPS = 3;

/** A tenant that fits the type: memos with Invoice Settlement, adjustments without; some items have no charge. */
function tenantFor(type: TemplateType): Rows {
  const settlement = type === 'CM' || type === 'DM' ? 'on' : 'off';
  const rows = generatedRows(`items=120,seed=3,currencies=USD,EUR,settlement=${settlement}`);
  const { ExchangeRate: _, InvoiceItem: items = [], ...rest } = rows;
  const alone = { RatePlanChargeId: null, SubscriptionId: null };
  return { ...rest, InvoiceItem: items.map((item, at) => (at % 9 === 0 ? { ...item, ...alone } : item)) };
}

describe('a dry run says what the next sync does', () => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const collections = fc.constantFrom('not collected', 'collected up to the open period');

  test.each(['SO', 'INV', 'IIA', 'CM', 'DM'] as const)(
    'by any template of type %s that follows any other, whatever is collected',
    async (type) => {
      const rows = tenantFor(type);
      let changes = 0;
      await fc.assert(
        fc.asyncProperty(
          collections,
          fc.array(sensibleTemplate(type, 'someone'), { minLength: STEPS, maxLength: STEPS }),
          async (collecting, templates) => {
            const entity = `entity-${(entities += 1)}`;
            await recordTenant(database, entity, entity);
            await ensureOpenPeriod(database.db, entity, '2024-12-15');
            await syncRows(database, rows, { entity, org: entity });
            if (collecting !== 'not collected') await collectOrg(database, entity);
            for (const template of templates) {
              const name = `${type} of ${entity}`;
              const { lines } = await provenRight(database, entity, { ...template, name, entity });
              changes += [lines.added, lines.removed, lines.changed].filter((count) => count !== '0').length;
            }
          },
        ),
        FIXED,
      );
      expect(changes).toBeGreaterThan(0);
    },
    LIMIT,
  );
});
