import { describe, expect, test } from 'vitest';

import { GROUPING } from '../../../src/domain/grouping/grouping-setup.ts';
import { checkSetup } from '../../../src/domain/setups/check-setup.ts';

const KEYS = ['Subscription Name', 'Term Number'];
const RULE = { seq: '1', keys: KEYS };

const mistakes = (input: unknown, orgs?: string[]) =>
  checkSetup(GROUPING, input, orgs === undefined ? {} : { orgs }).mistakes;

describe('checkSetup', () => {
  test('reads a file whose numbers and flags are text, as files are read, and fills in what it leaves out', () => {
    const file = {
      name: ' Europe ',
      rules: [
        { ...RULE, window: { days: '30' }, enabled: 'false' },
        { ...RULE, seq: 2 },
      ],
    };
    expect(checkSetup(GROUPING, file)).toEqual({
      setup: {
        name: 'Europe',
        org: null,
        body: {
          rules: [
            { seq: 1, keys: KEYS, window: { days: 30, field: 'SO Book Date' }, enabled: false },
            { seq: 2, keys: KEYS, enabled: true },
          ],
        },
      },
      mistakes: [],
    });
  });

  test('lists all mistakes in the order of the file, those of its form and those that lie deeper', () => {
    const file = {
      name: 'Europe',
      rules: [
        { seq: '1', keys: ['', 'Custmer Number'], window: { days: 'x' } },
        { seq: '2', keys: ['Term Nummber'] },
        { seq: '3', key: KEYS },
      ],
      filter: "[Transaction Curency] = 'EUR'",
      validfrom: '2024-01-01',
    };
    expect(mistakes(file)).toEqual([
      {
        path: 'rules[0].keys[0]',
        message: 'rules[0].keys[0] is empty.',
        suggestion: 'For example keys: [Subscription Name, Term Number].',
      },
      {
        path: 'rules[0].window.days',
        message: 'rules[0].window.days has to be a number.',
        suggestion: 'For example days: 30.',
      },
      {
        path: 'rules[0].keys[1]',
        message: 'There is no staging field Custmer Number.',
        suggestion: 'Did you mean Customer Number?',
      },
      {
        path: 'rules[1].keys[0]',
        message: 'There is no staging field Term Nummber.',
        suggestion: 'Did you mean Term Number?',
      },
      {
        path: 'rules[2].keys',
        message: 'rules[2].keys is missing.',
        suggestion: 'For example keys: [Subscription Name, Term Number].',
      },
      { path: 'rules[2].key', message: 'There is no key here.', suggestion: 'Did you mean keys?' },
      {
        path: 'filter',
        message: 'At character 1: There is no staging field Transaction Curency.',
        suggestion: 'Did you mean Transaction Currency?',
      },
      { path: 'validfrom', message: 'There is no validfrom here.', suggestion: 'Did you mean validFrom?' },
    ]);
  });

  test.each([
    [null, 'The grouping template is missing.'],
    ['rules', 'The grouping template has to be an object with names and values.'],
    [{ rules: [RULE] }, 'name is missing.'],
    [{ name: 'a\nb', rules: [RULE] }, 'name has to be one line of text.'],
    [{ name: 'A', rules: [] }, 'rules is empty.'],
    [
      { name: 'A', rules: [RULE], org: 'a b' },
      'org has to be the key of an organisation: 1 to 64 of A-Z a-z 0-9 . _ -.',
    ],
    [{ name: 'A', rules: [RULE], validFrom: '2024-02-31' }, 'validFrom has to be a day, as YYYY-MM-DD.'],
    [{ name: 'A', rules: [{ ...RULE, seq: '0' }] }, 'rules[0].seq is less than 1.'],
    [{ name: 'A', rules: [{ ...RULE, enabled: 'yes' }] }, 'rules[0].enabled has to be true or false.'],
    [
      { name: 'A', rules: [RULE], secondary: { label: 'SO Number', onSeveral: 'early' } },
      'secondary.onSeveral cannot be "early".',
    ],
  ])('keeps nothing of what has not the form of its kind: %j', (file, message) => {
    const checked = checkSetup(GROUPING, file);
    expect(checked.setup).toBeNull();
    expect(checked.mistakes.map((each) => each.message)).toEqual([message]);
  });

  test('knows the organisations, once there are some', () => {
    const file = { name: 'A', org: 'us', rules: [RULE] };
    expect(mistakes(file)).toEqual([]);
    expect(mistakes(file, ['US', 'EU'])).toEqual([
      { path: 'org', message: 'There is no organisation us.', suggestion: 'Did you mean US?' },
    ]);
  });
});
