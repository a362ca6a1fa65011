import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { newOwner, openActivityGround, runFor, type ActivityGround } from '../../support/activities.ts';
import { runCommand } from '../../support/run-command.ts';

describe('revsync settings list', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround('items=40,seed=7,entities=2')));
  afterAll(() => ground.close());

  const revsync = (...argv: string[]) =>
    runCommand(['settings', 'list', ...argv], { DATABASE_URL: ground.database.url });

  test('says so when nothing was read yet', async () => {
    expect((await revsync()).stdout).toContain('have not been read yet');
    expect((await revsync('--json')).json()).toEqual({ rules: [], features: [] });
  });

  test('shows what Billing said, per entity, and what to do about what does not fit', async () => {
    ground.world.billing = (real) => ({
      ...real,
      setting: async (key) => {
        const body = await real.setting(key);
        return key === 'billing-rules' ? { ...(body as object), oneTimeCreditBack: false } : body;
      },
    });
    await runFor(ground, newOwner())('readSettings');
    const { stdout } = await revsync();
    expect(stdout).toMatch(/Sandbox-Entity-1 +billing-rules.oneTimeCreditBack +false +Yes +no/);
    expect(stdout).toMatch(/Sandbox-Global +billing-rules.daysInMonth +UseActualDays +Use actual .* yes/);
    expect(stdout).toMatch(/Sandbox-Entity-2 +Orders +yes +Billing describes Order/);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Set "Enable credit back for removing or canceling one time charges" to: Yes',
    );
  });

  test('shows one entity on demand, by any of its names', async () => {
    const { json } = await revsync('--entity', 'Sandbox Entity 2', '--json');
    const { rules, features } = json() as { rules: { entity: string; why: string }[]; features: object[] };
    expect(new Set(rules.map(({ entity }) => entity))).toEqual(new Set(['Sandbox-Entity-2']));
    expect(features).toHaveLength(4);
    const wrong = await revsync('--entity', "x' or true --", '--json');
    expect([wrong.exit, wrong.json()]).toMatchObject([2, { error: { code: 'ENTITY_UNKNOWN' } }]);
  });
});
