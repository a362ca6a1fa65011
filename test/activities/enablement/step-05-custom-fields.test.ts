import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createEnablementActivities } from '../../../activities/enablement.ts';
import { createStep05 } from '../../../activities/enablement/step-05-custom-fields.ts';
import { mappedFields } from '../../../activities/enablement/template-facts.ts';
import { typesToProcess } from '../../../activities/enablement/types-to-process.ts';
import { createStepWorks } from '../../../activities/enablement/works.ts';
import { CustomFieldsAnswer } from '../../../src/domain/enablement/step-05-custom-fields.ts';
import { stepContext } from '../../../src/store/enablement/step-context.ts';
import { loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import {
  type ActivityGround,
  inActivity,
  openActivityGround,
  smallTenant,
} from '../../support/activities.ts';
import { asked, openStep } from '../../support/enablement-step.ts';
import { memo } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { csvOf, syncRows } from '../../support/sync-rows.ts';

const PROJECTS = [{ id: 'p1', updateddate: '2024-01-05T10:00:00Z', region__c: 'North' }];

describe('step 5', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround(smallTenant())));
  afterAll(() => ground.close());

  const open = () => openStep<CustomFieldsAnswer>(ground, 5, createStep05(ground.deps));

  test('does not apply while no row has a custom field', async () => {
    await syncRows(ground.database, sampleTenant(), { entity: 'plain', org: 'plain' });
    expect(await (await open()).advance()).toMatchObject({ kind: 'not-applicable' });
  });

  test('proposes the fields of all entities, the fullest first, and names those of custom objects', async () => {
    const { database } = ground;
    const north = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
    const projects = [{ id: 'projects', open: async () => Readable.from([Buffer.from(csvOf(PROJECTS))]) }];
    await syncRows(database, north, {
      entity: 'north',
      org: 'north',
      beside: ({ run, entity, org }) =>
        loadCustomRecords(database.pool, {
          run,
          entity,
          org,
          table: 'default__project__c',
          files: projects,
          recordCount: '1',
          onBytes: () => undefined,
        }),
    });
    const south = withChanged({ ...sampleTenant(), ...memo('CreditMemo') }, 'CreditMemoItem', 'cmi1', {
      Centre__c: 'C-1',
    });
    await syncRows(database, south, { entity: 'south', org: 'south' });

    const turn = asked(await (await open()).advance());
    expect(turn.value).toEqual({
      approve: true,
      mapping: [
        { from: 'CreditMemoItem.Centre__c', to: 'ATR1' },
        { from: 'RatePlanCharge.Region__c', to: 'ATR2' },
      ],
    });
    expect(turn.message).toContain(
      '3 custom fields: CreditMemoItem.Centre__c (100.0 %), default__project__c.region__c',
    );
    expect(turn.message).toContain('RatePlanCharge.Region__c (33.3 %)');
    expect(turn.remedy).toContain('Account.Project__c.default__project__c.region__c');
  });

  test('takes its own proposal, an approval alone, a mapping with contacts, or none', async () => {
    const step = await open();
    const proposed = CustomFieldsAnswer.parse(asked(await step.advance()).value);
    expect(await step.refusal(proposed)).toBeNull();
    expect(await step.refusal({ approve: true })).toBeNull();
    expect(await step.advance({ answer: { approve: true } })).toEqual(
      await step.advance({ answer: proposed }),
    );

    const mapping = [
      { from: 'InvoiceItem.BillToContact.City', to: 'ATR5' },
      { from: 'Account.Project__c.default__project__c.region__c', to: 'ATR6' },
    ];
    expect(await step.refusal({ approve: true, mapping })).toBeNull();
    expect(await step.advance({ answer: { approve: true, mapping } })).toMatchObject({
      kind: 'done',
      evidence: { mapping },
    });
    expect(await step.refusal({ approve: true, mapping: [] })).toBeNull();
    expect(await step.advance({ answer: { approve: true, mapping: [] } })).toMatchObject({
      note: 'No custom field is mapped.',
    });
  });

  test('refuses a mapping with all that is wrong, and says one that would do', async () => {
    const step = await open();
    const refused = await step.refusal({
      approve: true,
      mapping: [
        { from: 'RatePlanCharge.Regoin__c', to: 'ATR1' },
        { from: 'CreditMemoItem.Centre__c', to: 'ATR1' },
        { from: 'Wherever.Name', to: 'ATR3' },
      ],
    });
    expect(refused?.refusal).toContain('Did you mean RatePlanCharge.Region__c?');
    expect(refused?.refusal).toContain('CreditMemoItem.Centre__c cannot go to ATR1');
    expect(refused?.refusal).toContain('There is no object Wherever.');
    const value = CustomFieldsAnswer.parse(refused?.value);
    expect(value.mapping).toEqual([
      { from: 'RatePlanCharge.Region__c', to: 'ATR1' },
      { from: 'CreditMemoItem.Centre__c', to: 'ATR2' },
    ]);
    expect(await step.refusal(value)).toBeNull();
  });

  test('pins the mapping that an approval stands for, although fill rates change later', async () => {
    const { database } = ground;
    const step = await open();
    const take = (value: CustomFieldsAnswer, reason: string | null = null) =>
      inActivity(() =>
        createEnablementActivities(ground.deps, createStepWorks(ground.deps)).takeAnswer({
          enablement: step.enablement,
          step: 5,
          value,
          by: 'ann',
          note: null,
          reason,
        }),
      );
    const kept = async () => (await stepContext(database.db, step.enablement, 6)).answers[5];
    const followed = async () =>
      mappedFields(database.db, (await typesToProcess(database.db)).entities, await kept());
    const proposed = async () => asked(await step.advance()).value;

    const first = await proposed();
    expect(await take({ approve: true })).toEqual({ taken: true });
    expect(await kept()).toEqual(first);
    const { rows } = await database.pool.query(
      'select kind, after from control.enablement_event where enablement = $1 and step = 5',
      [step.enablement],
    );
    expect(rows).toEqual([{ kind: 'answered', after: first }]);

    // Fuller than what had the second attribute.
    const fuller = withChanged({ ...sampleTenant(), ...memo('DebitMemo') }, 'DebitMemoItem', 'dmi1', {
      Aisle__c: 'A-1',
    });
    await syncRows(database, fuller, { entity: 'west', org: 'west' });
    expect(await proposed()).not.toEqual(first);
    expect({ approve: true, mapping: await followed() }).toEqual(first);

    expect(await take({ approve: true }, 'As it is filled now')).toEqual({ taken: true });
    expect(await kept()).toEqual(await proposed());
    const mapping = [{ from: 'CreditMemoItem.Centre__c', to: 'ATR7' }];
    expect(await take({ approve: true, mapping }, 'One is enough')).toEqual({ taken: true });
    expect(await kept()).toEqual({ approve: true, mapping });
  });
});
