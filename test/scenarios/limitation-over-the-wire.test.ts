import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import { lineReader } from '../support/line-reader.ts';
import { generatedRows } from '../support/generated-rows.ts';
import { plainSpec, rulesThatFind, rulesTrippedBy } from '../support/tripped-tenants.ts';
import { openStage, type PlayedScene, type Stage } from './stage.ts';

const TRIP = 'change-plan-order-action';
const HOUR = 60;

describe('a tenant in which an order changed a plan', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage()));
  afterAll(() => stage.close());

  const holds = ({ database }: PlayedScene) => lineReader(database).holds('demo');

  test('has the bookings of that order stopped by a sync, and by no other rule, until the order is gone', async () => {
    const spec = plainSpec(TRIP);
    const tenant = generateTenant(parseTenantSpec(spec));
    const actions = generatedRows(spec)['OrderAction']?.filter((row) => row['Type'] === 'ChangePlan') ?? [];
    await stage.play({ tenant }, async (scene) => {
      expect(await scene.sync()).toMatchObject({ outcome: 'completed' });
      expect(await rulesThatFind(scene.database.db)).toEqual(rulesTrippedBy(TRIP));
      const stopped = (await holds(scene)).filter((hold) => hold.includes(` ${TRIP}: `));
      expect(stopped).toHaveLength(2);
      expect(stopped[0]).toContain('Change Plan is not supported');

      await scene.change('OrderAction', { deletedIds: actions.map((row) => row['Id']) });
      scene.pass(HOUR);
      expect(await scene.sync()).toMatchObject({ outcome: 'completed' });
      expect(await rulesThatFind(scene.database.db)).toEqual({ inBilling: [], inStaging: [] });
      expect(await holds(scene)).toEqual([]);
    });
  });
});
