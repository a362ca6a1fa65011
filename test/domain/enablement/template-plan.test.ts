import { describe, expect, test } from 'vitest';

import { type EntityTemplates, planTemplates } from '../../../src/domain/enablement/template-plan.ts';
import { checkTemplate } from '../../../src/domain/mapping/checks/check-template.ts';
import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import { templateDocument } from '../../../src/domain/mapping/template-file.ts';
import {
  TEMPLATE_TYPES,
  type TemplateRow,
  type TemplateType,
} from '../../../src/domain/mapping/transaction-template.ts';

const REGION = { from: 'RatePlanCharge.Region__c', to: 'ATR1' };
const CITY = { from: 'InvoiceItem.BillToContact.City', to: 'ATR2' };

function used(type: TemplateType, madeBy: string | null, ...rows: readonly TemplateRow[]) {
  const seeded = SEEDED_TEMPLATES.find((each) => each.type === type);
  if (seeded === undefined) throw new Error(`no seeded template of ${type}`);
  return { id: `Ours ${type}@3`, type, madeBy, template: { ...seeded, rows: [...seeded.rows, ...rows] } };
}

const north = (types: readonly TemplateType[], ...of: EntityTemplates['used']): EntityTemplates => ({
  entity: 'north',
  org: 'EMEA',
  types,
  used: of,
});

describe('planTemplates', () => {
  test('copies the pre-configured template for every entity and type, with what the type can read', () => {
    const { copies, kept, unread } = planTemplates(
      [north(['SO', 'INV'], used('SO', null)), { ...north(['INV']), entity: 'south', org: 'AMER' }],
      [REGION, CITY],
    );
    expect(
      copies.map(({ org, template: { name, entity, type, rows } }) => [
        org,
        name,
        entity,
        type,
        rows.filter(({ to }) => to.startsWith('ATR')),
      ]),
    ).toEqual([
      ['EMEA', 'north SO', 'north', 'SO', [{ ...REGION, type: 'Character' }]],
      [
        'EMEA',
        'north INV',
        'north',
        'INV',
        [
          { ...REGION, type: 'Character' },
          { ...CITY, type: 'Character' },
        ],
      ],
      [
        'AMER',
        'south INV',
        'south',
        'INV',
        [
          { ...REGION, type: 'Character' },
          { ...CITY, type: 'Character' },
        ],
      ],
    ]);
    expect([kept, unread]).toEqual([[], []]);
  });

  test('makes copies that have no mistakes, of every type', () => {
    const mapping = [
      REGION,
      CITY,
      { from: 'RatePlanCharge.IsProcessed', to: 'ATR3' },
      { from: 'Account.CreatedDate', to: 'ATR4' },
    ];
    for (const { template } of planTemplates([north(TEMPLATE_TYPES)], mapping).copies) {
      expect(checkTemplate(templateDocument(template)).mistakes).toEqual([]);
    }
  });

  test('leaves what a person made the default, and says what it does not read', () => {
    const theirs = used('INV', 'ann', { from: REGION.from, to: 'ATR7', type: 'Character' });
    const { copies, kept } = planTemplates([north(['SO', 'INV'], used('SO', null), theirs)], [REGION, CITY]);
    expect(copies.map(({ type }) => type)).toEqual(['SO']);
    expect(kept).toEqual([
      { entity: 'north', type: 'INV', id: 'Ours INV@3', madeBy: 'ann', lacks: [CITY.from] },
    ]);
  });

  test('names mapped fields that none of the templates reads', () => {
    const adjustment = { from: 'InvoiceItemAdjustment.ReasonCode', to: 'ATR3' };
    expect(planTemplates([north(['SO', 'INV'])], [REGION, adjustment]).unread).toEqual([adjustment.from]);
    const theirs = used('IIA', 'ann', { ...adjustment, type: 'Character' });
    expect(planTemplates([north(['SO', 'IIA'], theirs)], [adjustment]).unread).toEqual([]);
  });
});
