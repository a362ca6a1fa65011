import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requiredTemplates } from '../../activities/required-templates.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import { ensureSeededTemplates } from '../../src/store/templates.ts';
import { rememberInvoiceSettlement } from '../../src/store/tenancy.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
} from '../support/activities.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { run } from '../support/server-database.ts';

describe('the templates that a run requires', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround(smallTenant())));
  afterAll(() => ground.close());

  const withdraw = (type: string) =>
    run(
      ground.database.url,
      `update staging.transaction_template set status = 'frozen' where status = 'default' and type = '${type}'`,
    );

  test('are asked for before the export, which reads what they need', async () => {
    const owner = newOwner();
    const activity = runFor(ground, owner);
    const opened = await activity('openSyncRun', {});
    await withdraw('INV');
    const failure = await failureOf(activity('submitExport', { ...opened, again: false }));
    expect(failure).toMatchObject({
      type: 'TEMPLATE_MISSING',
      nonRetryable: true,
      message: 'demo has no default template for INV.',
    });
    expect(ground.calls.get('submitExport') ?? 0).toBe(0);

    const [seeded] = SEEDED_TEMPLATES.filter(({ type }) => type === 'INV');
    if (seeded === undefined) throw new Error('no seeded template of INV');
    const filter = "Account.Team__c.default__team__c.Name = 'Sales'";
    await keptDefault(ground.database.db, { ...seeded, name: 'Ours', entity: 'demo', filter });
    const { sides } = await activity('submitExport', { ...opened, again: false });
    expect(sides).toEqual(['custom:default__team__c']);
    await activity('abandonRun', { run: opened.run, reason: 'test' });
  });

  test('are those of credits once it is known how credits come', async () => {
    const { db } = ground.database;
    await ensureSeededTemplates(db);
    await withdraw('IIA');
    await rememberInvoiceSettlement(db, 'demo', false);
    await expect(requiredTemplates(db, 'demo')).rejects.toThrow('demo has no default template for IIA.');
    await rememberInvoiceSettlement(db, 'demo', true);
    const types = (await requiredTemplates(db, 'demo')).map(({ body }) => body.type);
    expect(types).toEqual(['SO', 'INV', 'CM', 'DM']);
  });
});
