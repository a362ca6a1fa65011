import { describe, expect, test } from 'vitest';

import { TemplatesAnswer } from '../../../src/domain/enablement/step-06-templates.ts';
import {
  asksForTemplates,
  type TemplateFacts,
  templatesMade,
  type TemplateTrial,
} from '../../../src/domain/enablement/template-turns.ts';

const trial = (change: Partial<TemplateTrial> = {}): TemplateTrial => ({
  entity: 'north',
  template: 'north SO@1',
  lines: '4',
  collected: '0',
  standing: '4',
  withheld: '0',
  holds: [],
  same: true,
  changed: [],
  samples: [],
  neverExtracted: [],
  ...change,
});
const facts = (trials: readonly TemplateTrial[], change: Partial<TemplateFacts> = {}): TemplateFacts => ({
  trials,
  kept: [],
  unread: [],
  withoutAccounts: [],
  notRead: [],
  ...change,
});

function asked(of: TemplateFacts) {
  const turn = asksForTemplates(of);
  if (turn.kind !== 'ask') throw new Error('it does not ask');
  return turn;
}

const SAMPLE = {
  line: 'SO:orig.1@1',
  fields: [
    { label: 'Ext Sell Price', value: '1200.00' },
    { label: 'ATR1', value: 'EMEA\nNorth' },
    { label: 'ATR2', value: null },
  ],
};

describe('the approval of templates', () => {
  test('is asked for with what they form, hold and change', () => {
    const { message, remedy, value } = asked(
      facts([
        trial({ changed: [{ label: 'ATR1', lines: '3' }], samples: [SAMPLE, SAMPLE] }),
        trial({
          template: 'north INV@2',
          lines: '10',
          withheld: '2',
          holds: [
            { limitation: 'missing-invoice-date', lines: '1' },
            { limitation: 'waits-for-booking', lines: '2' },
          ],
          changed: [{ label: 'ATR1', lines: '9' }],
        }),
      ]),
    );
    expect(message).toBe(
      '2 templates for 1 entity are ready: north SO@1 and north INV@2. Of what was read from Billing they form 14 lines, 2 of them not ready (waits-for-booking 2 and missing-invoice-date 1). Fields that differ from what is formed without them: ATR1 on 12.',
    );
    expect(remedy).toContain('For example SO:orig.1@1 with Ext Sell Price 1200.00, ATR1 EMEA North.');
    expect(remedy).toContain('`revsync template diff "north SO@1"`');
    expect(TemplatesAnswer.safeParse(value).success).toBe(true);
  });

  test('says where lines stay as they are, and where there are none', () => {
    expect(asked(facts([trial()])).message).toContain(
      'they form 4 lines, all of them ready. Without them the lines would be the same.',
    );
    const { message } = asked(facts([trial({ lines: '0', standing: '0' })]));
    expect(message).toContain('Nothing was read from Billing');
    expect(message).not.toContain('the same');
  });

  test('says how many lines are collected and stay as they are', () => {
    const all = trial({ lines: '7', collected: '7', changed: [{ label: 'ATR1', lines: '5' }], same: false });
    expect(asked(facts([all])).message).toContain(
      'they form 7 lines. All of them are collected, and stay as they are: the templates count for lines formed from then on. Fields that differ from what is formed without them: ATR1 on 5.',
    );
    const some = [all, trial({ holds: [{ limitation: 'waits-for-booking', lines: '1' }], withheld: '1' })];
    expect(asked(facts(some)).message).toContain(
      'they form 11 lines, 7 of them collected. Those stay as they are: the templates count for lines formed from then on. Besides there are 4, 1 of these not ready (waits-for-booking 1).',
    );
    expect(templatesMade(facts(some), 'ann')).toMatchObject({
      note: '2 templates for 1 entity are used from the next sync on. What is collected already (7 lines) stays as it is.',
      evidence: { templates: [{ lines: '7', collected: '7' }, { lines: '4' }] },
    });
  });

  test('never says that nothing is there, or that all is the same, where it is not so', () => {
    const { message } = asked(facts([trial({ lines: '0', standing: '9', same: false })]));
    expect(message).toContain('They form no line of what was read from Billing, though 9 are there.');
    expect(message).toContain('Without them, other lines would be formed or held.');
    expect(message).not.toMatch(/Nothing was read|the same/);
  });

  test('says what stays, what nobody reads, what is not here yet and who needs none', () => {
    const { message } = asked(
      facts([trial({ neverExtracted: ['Contact', 'Account.Warehouse__c'] })], {
        kept: [
          { entity: 'north', type: 'INV', id: 'Ours@3', madeBy: 'ann', lacks: ['InvoiceItem.Centre__c'] },
        ],
        unread: ['InvoiceItemAdjustment.ReasonCode'],
        withoutAccounts: ['global'],
        notRead: ['west'],
      }),
    );
    expect(message).toContain('north INV with "Ours@3" by ann, which does not read InvoiceItem.Centre__c.');
    expect(message).toContain('Empty until a sync brings it: Account.Warehouse__c and Contact.');
    expect(message).toContain('No template reads InvoiceItemAdjustment.ReasonCode');
    expect(message).toContain('Without accounts, and so without templates: global. Not read from Billing');
    expect(message).toContain('without templates of their own: west. Amend this step once they are read.');
  });

  test('is asked for where all that is used was made by people', () => {
    const kept = [{ entity: 'north', type: 'SO', id: 'Ours@3', madeBy: 'ann', lacks: [] } as const];
    const { message, remedy } = asked(facts([], { kept }));
    expect(message).toBe(
      'No template is to be made. These stay, since people made them the default: north SO with "Ours@3" by ann.',
    );
    expect(remedy).not.toContain('template diff');
  });
});

describe('templates that were made', () => {
  test('are kept as evidence, with what they form and who approved', () => {
    const turn = templatesMade(
      facts([trial({ changed: [{ label: 'ATR1', lines: '3' }], samples: [SAMPLE] })]),
      'ann',
    );
    expect(turn).toEqual({
      kind: 'done',
      note: '1 template for 1 entity is used from the next sync on.',
      evidence: {
        approvedBy: 'ann',
        templates: [{ template: 'north SO@1', lines: '4', withheld: '0', changedLines: { ATR1: '3' } }],
        samples: [{ line: 'SO:orig.1@1', 'Ext Sell Price': '1200.00', ATR1: 'EMEA North', ATR2: null }],
      },
    });
  });

  test('stay small as evidence, however many there are', () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      trial({
        template: `${'n'.repeat(60)}${at} INV@1`,
        holds: [{ limitation: `missing-something-rather-long-${at}`, lines: '2' }],
        changed: [{ label: 'ATR1', lines: '123456789' }],
        samples: [{ line: 'L'.repeat(60), fields: [{ label: 'ATR1', value: 'v'.repeat(500) }] }],
      }),
    );
    const kept = many.map(({ template }) => ({
      entity: template,
      type: 'SO' as const,
      id: template,
      madeBy: 'a'.repeat(300),
      lacks: [],
    }));
    const turn = templatesMade(facts(many, { kept, unread: many.map(({ template }) => template) }), 'ann');
    if (turn.kind !== 'done') throw new Error('it is not done');
    expect(JSON.stringify(turn.evidence).length).toBeLessThan(4_000);
    expect(turn.evidence['samples']).toHaveLength(3);
    expect(turn.evidence['templatesLeftOut']).toMatch(/^2\d\d$/);
  });
});
