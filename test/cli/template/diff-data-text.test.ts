import { describe, expect, test } from 'vitest';

import { dataText } from '../../../src/cli/template/diff-data-text.ts';
import type { DryRun } from '../../../src/store/dry-run/dry-run.ts';
import { invoiceTemplate } from '../../support/templates.ts';

const side = (id: string) => ({ id, version: 1, template: invoiceTemplate() });
const SIDES = { before: side('Old@1'), after: side('New@1') };

const NOTHING: DryRun = {
  entity: 'demo',
  org: 'demo',
  type: 'INV',
  used: 'Old@1',
  usesOwn: false,
  openRun: null,
  lines: {
    added: '0',
    removed: '0',
    changed: '0',
    unchanged: '7',
    collected: '0',
    addedSample: [],
    removedSample: [],
    retyped: [],
  },
  amounts: [],
  fields: [],
  holds: [],
  contracts: { count: '0', sample: [] },
  pending: { added: '0', removed: '0', changed: '0' },
  neverExtracted: [],
};

const text = (data: Partial<DryRun>) => dataText({ ...NOTHING, ...data }, SIDES).slice(2);

describe('what a dry run tells a person', () => {
  test('is two lines where nothing changes', () => {
    expect(dataText(NOTHING, SIDES)).toEqual([
      'The INV lines of demo at its next sync, over what is extracted by now:',
      '  none changed; 7 stay as they are.',
    ]);
  });

  test('counts all and shows some', () => {
    const lines = {
      ...NOTHING.lines,
      added: '3',
      addedSample: ['INV:a', 'INV:b'],
      retyped: [{ before: 'CM', after: 'INV', lines: '3' }] as const,
    };
    expect(text({ lines, contracts: { count: '1', sample: ['RC-1'] } })).toEqual([
      '  3 CM become INV, with another id.',
      '  Added: 3 (INV:a, INV:b, …)',
      '  Contracts affected: 1 (RC-1)',
    ]);
  });

  test('tells nothing from empty text, and passes no control characters on', () => {
    const samples = [
      { line: 'INV:a', before: null, after: 'one\ntwo\u001b[2J' },
      { line: 'INV:b', before: 'x', after: null },
    ];
    expect(text({ fields: [{ label: 'ATR1', lines: '2', samples }] })).toEqual([
      '',
      'field  lines  for example  before   after',
      'ATR1       2  INV:a        (empty)  one two [2J',
      '              INV:b        x        (empty)',
    ]);
  });

  test('has a row per hold, and per type and currency', () => {
    const withheld = { count: '2', sample: ['INV:a', 'INV:b'] };
    const released = { count: '0', sample: [] };
    const data = {
      amounts: [
        { type: 'INV', currency: null, lines: { before: '1', after: '2' }, before: '1.50', after: '3.00' },
      ] as const,
      holds: [{ limitation: 'missing-reference', withheld, released }],
    };
    expect(text(data)).toEqual([
      '',
      'type  currency  lines before  after  Ext Sell Price before  after',
      'INV   none                 1      2                   1.50   3.00',
      '',
      'hold               withheld  released  for example',
      'missing-reference         2         0  INV:a, INV:b',
    ]);
  });

  test('says what else one has to know', () => {
    const pending = { added: '4', removed: '0', changed: '1' };
    expect(text({ openRun: '12', pending })).toEqual([
      '',
      'Run 12 is open: what it has loaded by now is counted, the rest is not.',
      'Besides, the next sync forms rows that are here already: by the template used now it adds 4 lines, removes 0 and changes 1.',
    ]);
    expect(text({ used: null, pending: null })).toEqual(['', 'demo uses none now.']);
    expect(text({ used: 'New@1', pending: null })).toEqual(['', 'demo uses "New@1" now.']);
  });
});
