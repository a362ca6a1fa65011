import { describe, expect, test } from 'vitest';

import { lineText } from '../../src/cli/line-text.ts';
import type { FieldOrigin } from '../../src/store/lines/field-lineage.ts';
import type { ShownLine } from '../../src/store/show-line.ts';

const origin = (change: Partial<FieldOrigin>): FieldOrigin => ({
  row: null,
  from: null,
  object: null,
  id: null,
  field: null,
  updatedDate: null,
  derived: null,
  inputs: [],
  differs: false,
  ...change,
});

const ID = '2c92c0f95e1d4a7f011e6b2f3a4c5d6e';
const RULE = 'As mapped; 0 for usage and for what an evergreen subscription recurs.';

const line = (change: Partial<ShownLine> = {}): ShownLine => ({
  id: 'SO:orig.1@1',
  type: 'SO',
  status: 'held',
  org: 'default',
  entity: 'demo',
  subscription: 'S-1',
  fields: {
    'Customer Name': 'Meyer',
    'Invoice Owner': 'Payer',
    'Ext Sell Price': '0.00',
    ATR1: 'x'.repeat(60),
    ATR2: null,
  },
  holds: [
    {
      id: '1',
      entity: 'demo',
      org: 'default',
      line: 'SO:orig.1@1',
      limitation: 'missing-term-number',
      kind: 'withheld',
      message: 'It has no term.',
      remedy: 'Give it one.',
      since: '2024-01-01T00:00:00.000000Z',
    },
  ],
  decisions: [],
  lineage: {
    template: 'Mine',
    templateVersion: 2,
    run: '7',
    sources: [
      {
        object: 'Account',
        id: ID,
        updatedDate: '2024-01-05T10:00:00.000000Z',
        paths: ['Account'],
        changedSince: false,
      },
      {
        object: 'Account',
        id: null,
        updatedDate: null,
        paths: ['Subscription.InvoiceOwner', 'Subscription.CreatorInvoiceOwner'],
        changedSince: true,
      },
    ],
    fields: {
      'Customer Name': origin({ row: '4', from: 'Account.Name', object: 'Account', id: ID, field: 'Name' }),
      'Invoice Owner': origin({ row: '27', from: 'Subscription.InvoiceOwner.Name', differs: true }),
      'Ext Sell Price': origin({
        row: '32',
        from: 'ChargeContractualValueAllCharges.Amount',
        derived: RULE,
        inputs: ['ChargeType', 'ChargeModel'].map((field) => ({ object: 'RatePlanCharge', id: ID, field })),
      }),
      ATR1: origin({ derived: 'The template\'s constant "x".' }),
      ATR2: origin({ derived: 'Nothing to see.' }),
    },
  },
  ...change,
});

describe('lineText', () => {
  test('shows what a line is, what holds it, and the fields that have a value with their rows', () => {
    const text = lineText(line());
    expect(text.slice(0, 5)).toEqual([
      'SO:orig.1@1 is held. Organisation default, entity demo, run 7.',
      'Formed by "Mine", version 2.',
      '',
      'missing-term-number: It has no term.',
      '  Give it one.',
    ]);
    expect(text).toContainEqual(expect.stringMatching(/^Customer Name +Meyer +4 +Account\.Name$/));
    expect(text).toContainEqual(
      expect.stringMatching(/^Invoice Owner .* Subscription\.InvoiceOwner\.Name \(which/),
    );
    expect(text.join('\n')).not.toContain('ATR2');
  });

  test('says each rule in full, with the rows that it reads', () => {
    const text = lineText(line());
    expect(text).toContainEqual(
      expect.stringMatching(/^Ext Sell Price .*ChargeContractualValueAllCharges\.Amount\*$/),
    );
    expect(text.join(' ').replaceAll(/\s+/g, ' ')).toContain(
      `* Ext Sell Price: ${RULE} Reads RatePlanCharge ${ID} (ChargeType, ChargeModel).`,
    );
    expect(text).toContain('* ATR1: The template\'s constant "x".');
  });

  test('tells rows of one object apart by how they are reached', () => {
    const text = lineText(line());
    expect(text).toContainEqual(expect.stringMatching(new RegExp(`^Account +${ID} +2024-01-05T10:00:00$`)));
    expect(text).toContainEqual(
      expect.stringMatching(/^Account +no longer to be told +changed +InvoiceOwner, CreatorInvoiceOwner$/),
    );
  });

  test('fits into a terminal', () => {
    expect(Math.max(...lineText(line()).map((each) => each.length))).toBeLessThanOrEqual(120);
  });

  test('leaves out what there is nothing of', () => {
    const { lineage } = line();
    const bare = lineText(line({ fields: { ATR1: 'x' }, holds: [], lineage: { ...lineage, fields: {} } }));
    expect(bare.slice(2, 7)).toEqual([
      '',
      'field  value  row  from (*: see below)',
      'ATR1   x',
      '',
      expect.stringMatching(/^source/),
    ]);
  });
});
