import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createStep06 } from '../../../activities/enablement/step-06-templates.ts';
import type { TemplatesAnswer } from '../../../src/domain/enablement/step-06-templates.ts';
import { digest } from '../../../src/store/digest.ts';
import { loadTemplate } from '../../../src/store/templates/load-template.ts';
import { makeDefault } from '../../../src/store/templates/template-states.ts';
import { lookForDefault, lookForTemplate } from '../../../src/store/templates/template-versions.ts';
import { type ActivityGround, openActivityGround, smallTenant } from '../../support/activities.ts';
import { changedTemplate } from '../../support/dry-runs.ts';
import { asked, openStep, type Said } from '../../support/enablement-step.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { adjustment } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, recordTenant, syncRows } from '../../support/sync-rows.ts';

const REGION = { from: 'RatePlanCharge.Region__c', to: 'ATR1' };
const CITY = { from: 'InvoiceItem.BillToContact.City', to: 'ATR2' };
const APPROVED: TemplatesAnswer = { approve: true };

const mapped = (...mapping: readonly { from: string; to: string }[]): Said<TemplatesAnswer> => ({
  answers: { 5: { approve: true, mapping: mapping.map((each) => ({ ...each })) } },
});
const approvedBy = (by: string, said: Said<TemplatesAnswer>): Said<TemplatesAnswer> => ({
  ...said,
  answer: APPROVED,
  by,
});

/** The sample with a region on its charge and a city of whom its first item is billed to. */
function tenant() {
  const regional = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
  return {
    ...withChanged(regional, 'InvoiceItem', 'item1', { BillToContactId: 'bill' }),
    Contact: [{ Id: 'bill', City: 'Ulm', UpdatedDate: '2024-01-05T10:00:00Z' }],
  };
}

describe('step 6', () => {
  let ground: ActivityGround;
  beforeEach(async () => void (ground = await openActivityGround(smallTenant())));
  afterEach(() => ground.close());

  const open = () => openStep<TemplatesAnswer>(ground, 6, createStep06(ground.deps));
  const sync = (entity: string, settlement: boolean, rows: Parameters<typeof syncRows>[1] = tenant()) =>
    syncRows(ground.database, rows, { entity, org: entity, settlement });
  const templates = async () => {
    const { rows } = await ground.database.pool.query<{ line: string }>(
      `select name || '@' || version || ' ' || status || ' by ' || changed_by as line
       from staging.transaction_template where not seeded order by name, version`,
    );
    return rows.map(({ line }) => line);
  };
  const withStatus = (status: string, names: readonly string[]) => names.map((name) => `${name} ${status}`);
  const COPIES = [
    'north CM@1',
    'north DM@1',
    'north INV@1',
    'north SO@1',
    'south IIA@1',
    'south INV@1',
    'south SO@1',
  ];

  test('shows what a copy for each entity and type forms, and uses it once somebody approved', async () => {
    await sync('north', true);
    await sync('south', false, { ...tenant(), InvoiceItemAdjustment: [adjustment()] });
    const step = await open();
    const said = mapped(REGION, CITY);

    const turn = asked(await step.advance(said));
    expect(turn.value).toEqual({ approve: true });
    expect(turn.message).toContain(
      '7 templates for 2 entities are ready: north SO@1, north INV@1, north CM@1, north DM@1, south SO@1 and 2 more.',
    );
    expect(turn.message).toContain('they form 7 lines, all of them ready.');
    expect(turn.message).toContain('ATR1 on 7 and ATR2 on 3.');
    expect(turn.remedy).toContain(
      'SO:orig.1@1 with Ext Sell Price 1200.00, Transaction Currency USD, Revenue Start Date 2024-01-01, ATR1 EMEA',
    );
    expect(turn.remedy).toContain('INV:item1 with Ext Sell Price 100.00');
    expect(turn.remedy).toContain('ATR2 Ulm');
    expect(await templates()).toEqual(withStatus('checked by enablement/demo', COPIES));

    expect(await step.refusal(APPROVED, approvedBy('ann', said))).toBeNull();
    const done = await step.advance(approvedBy('ann', said));
    expect(done).toMatchObject({
      kind: 'done',
      note: '7 templates for 2 entities are used from the next sync on.',
      evidence: { approvedBy: 'ann' },
    });
    expect(done.kind === 'done' && done.evidence['templates']).toContainEqual({
      template: 'north INV@1',
      lines: '2',
      withheld: '0',
      changedLines: { ATR1: '2', ATR2: '1' },
    });
    expect(await templates()).toEqual(withStatus('default by ann', COPIES));
    expect((await lookForDefault(ground.database.db, 'INV', 'south'))?.id).toBe('south INV@1');
  });

  test('tries the copies on lines that are collected, too, and says that those stay', async () => {
    await sync('north', true);
    const step = await open();
    const { message } = asked(await step.advance(mapped(REGION, CITY)));
    const [, differing = ''] = /(Fields that differ .*)/.exec(message) ?? [];
    expect(differing).toContain('ATR1 on 3 and ATR2 on 1.');

    await collectOrg(ground.database, 'north');
    const between = await digest(ground.database.db);
    const live = asked(await step.advance(mapped(REGION, CITY)));
    expect(live.message).toContain(
      'they form 3 lines. All of them are collected, and stay as they are: the templates count for lines formed from then on.',
    );
    expect(live.message).toContain(differing);
    expect(live.message).not.toMatch(/Nothing was read|would be the same/);
    expect(live.remedy).toContain('SO:orig.1@1 with Ext Sell Price 1200.00');
    expect(live.remedy).toContain('ATR1 EMEA');
    expect(await digest(ground.database.db)).toEqual(between);

    await step.refusal(APPROVED, approvedBy('ann', mapped(REGION, CITY)));
    const done = await step.advance(approvedBy('ann', mapped(REGION, CITY)));
    expect(done).toMatchObject({
      note: '4 templates for 1 entity are used from the next sync on. What is collected already (3 lines) stays as it is.',
    });
    // Each against what is formed without it: where the copy is what is used, the template of all entities.
    await sync('north', true, {});
    expect(asked(await step.advance(mapped(REGION, { ...CITY, to: 'ATR7' }))).message).toContain(
      'ATR1 on 1, ATR2 on 1 and ATR7 on 1.',
    );
  });

  test('says the same and does nothing more when it is repeated', async () => {
    await sync('north', true);
    const step = await open();
    const said = mapped(REGION);
    const first = await step.advance(said);
    const between = await digest(ground.database.db);
    expect(await step.advance(said)).toEqual(first);
    expect(await digest(ground.database.db)).toEqual(between);

    await step.refusal(APPROVED, approvedBy('ann', said));
    await step.refusal(APPROVED, approvedBy('ann', said));
    const done = await step.advance(approvedBy('ann', said));
    const before = await digest(ground.database.db);
    expect(await step.advance(approvedBy('ann', said))).toEqual(done);
    expect(await digest(ground.database.db)).toEqual(before);
  });

  test('goes on where a crash left it between one default and the next', async () => {
    await sync('north', false);
    const step = await open();
    const said = approvedBy('ann', mapped(REGION));
    await step.advance(mapped(REGION));
    await step.refusal(APPROVED, said);
    await makeDefault(ground.database.db, { name: 'north SO', version: 1, by: 'ann' });
    expect(await step.advance(said)).toMatchObject({ kind: 'done' });
    expect(await templates()).toEqual(
      withStatus('default by ann', ['north IIA@1', 'north INV@1', 'north SO@1']),
    );
  });

  test('asks again after the mapping was amended, since the approval was of other versions', async () => {
    await sync('north', false);
    const step = await open();
    await step.advance(mapped(REGION));
    await step.refusal(APPROVED, approvedBy('ann', mapped(REGION)));
    await step.advance(approvedBy('ann', mapped(REGION)));

    const amended = mapped({ ...REGION, to: 'ATR9' });
    const turn = asked(await step.advance(approvedBy('ann', amended)));
    expect(turn.message).toContain('north SO@2');
    expect(turn.message).toContain('ATR9 on 3');
    // Nor does asking twice make an approval of the old ones one of these.
    expect(asked(await step.advance(approvedBy('ann', amended)))).toEqual(turn);
    expect(await templates()).toContain('north SO@1 default by ann');
    expect(await templates()).toContain('north SO@2 checked by enablement/demo');

    await step.refusal(APPROVED, approvedBy('bob', amended));
    expect(await step.advance(approvedBy('bob', amended))).toMatchObject({ kind: 'done' });
    expect(await templates()).toContain('north SO@1 frozen by bob');
    expect(await templates()).toContain('north SO@2 default by bob');
  });

  test('takes no approval of what was not shown', async () => {
    await sync('north', false);
    const step = await open();
    await step.refusal(APPROVED, approvedBy('ann', mapped(REGION)));
    expect(asked(await step.advance(approvedBy('ann', mapped(REGION)))).value).toEqual({ approve: true });
    expect((await templates()).every((line) => line.includes(' checked '))).toBe(true);

    // The mapping is another one by the time of the approval.
    await step.refusal(APPROVED, approvedBy('ann', mapped(CITY)));
    asked(await step.advance(approvedBy('ann', mapped(CITY))));
    expect((await templates()).filter((line) => line.includes('@1'))).toEqual(
      withStatus('checked by enablement/demo', ['north IIA@1', 'north INV@1', 'north SO@1']),
    );
  });

  test('leaves the default that a person made for an entity, and says so', async () => {
    await sync('north', false);
    const { db } = ground.database;
    const ours = changedTemplate('INV', 'north', { name: 'Ours' });
    await keptDefault(db, ours);
    const step = await open();
    const turn = asked(await step.advance(mapped(REGION)));
    expect(turn.message).toContain(
      'north INV with "Ours@1" by ann, which does not read RatePlanCharge.Region__c.',
    );
    await step.refusal(APPROVED, approvedBy('bob', mapped(REGION)));
    const done = await step.advance(approvedBy('bob', mapped(REGION)));
    expect(done).toMatchObject({
      evidence: { kept: [{ entity: 'north', type: 'INV', template: 'Ours@1', madeBy: 'ann' }] },
    });
    expect((await lookForDefault(db, 'INV', 'north'))?.id).toBe('Ours@1');
    expect((await lookForDefault(db, 'SO', 'north'))?.id).toBe('north SO@1');
  });

  test('makes all types where nobody knows how credits come, and none for entities without accounts', async () => {
    await recordTenant(ground.database, 'global', 'global');
    const step = await open();
    const turn = asked(await step.advance());
    expect(turn.message).toContain('5 templates for 1 entity are ready');
    expect(turn.message).toContain('Nothing was read from Billing');

    await sync('north', true, { ...tenant(), InvoiceItemAdjustment: [adjustment()] });
    const { message } = asked(await step.advance());
    expect(message).toContain('5 templates for 1 entity are ready: north SO@1');
    expect(message).toContain('Not read from Billing, and so without templates of their own: global.');
    expect(message).not.toContain('Without accounts');

    await sync('global', true, {});
    const read = asked(await step.advance()).message;
    expect(read).toContain('Without accounts, and so without templates: global.');
    expect(read).not.toContain('Not read from Billing');
  });

  test('maps nothing where step 5 was skipped, and the proposal where that was approved', async () => {
    await sync('north', false);
    const step = await open();
    const attributes = async () => {
      const newest = await lookForTemplate(ground.database.db, { name: 'north SO' });
      return newest?.template.rows.filter(({ to }) => to.startsWith('ATR'));
    };
    await step.advance();
    expect(await attributes()).toEqual([]);
    await step.advance({ answers: { 5: { approve: true } } });
    expect(await attributes()).toEqual([{ ...REGION, type: 'Character' }]);
  });

  test('fails with every mistake of every template, to be seen and mended', async () => {
    await sync('north', false);
    const step = await open();
    const wrong = mapped({ from: 'RatePlanCharge.Regoin__c', to: 'ATR1' });
    const failure = await step.advance(wrong).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ type: 'TEMPLATE_INVALID' });
    expect(String(failure)).toContain(
      'In north SO@1, north INV@1 and north IIA@1: RatePlanCharge of this tenant',
    );
    expect(String(failure)).toContain('Did you mean RatePlanCharge.Region__c?');
    await step.refusal(APPROVED, approvedBy('ann', wrong));
    expect((await templates()).every((line) => line.includes(' draft '))).toBe(true);
  });

  test('fails where a person has a template of its name and another type', async () => {
    await sync('north', false);
    const taken = changedTemplate('INV', 'north', { name: 'north SO' });
    await loadTemplate(ground.database.db, { template: taken, by: 'ann' });
    await expect((await open()).advance()).rejects.toMatchObject({ type: 'TEMPLATE_TYPE_DIFFERS' });
  });

  test('fails where no entity is known', async () => {
    await expect((await open()).advance()).rejects.toMatchObject({ type: 'ENTITY_UNKNOWN' });
  });
});
