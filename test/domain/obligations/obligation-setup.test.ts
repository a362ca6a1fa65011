import { describe, expect, test } from 'vitest';

import { OBLIGATIONS } from '../../../src/domain/obligations/obligation-setup.ts';
import { PRE_CONFIGURED } from '../../../src/domain/obligations/seeded-setup.ts';
import { checkSetup } from '../../../src/domain/setups/check-setup.ts';

const AUTOMATIC = {
  recurring: 'Ratable',
  oneTime: 'Ratable',
  usage: 'Ratable',
  evergreen: 'Ratable',
  fixedDiscount: 'Ratable',
  standalone: 'Ratable',
};
const RATABLE = { name: 'Ratable', ratableMethod: 'Ratable', releaseEvent: 'Upon Booking' };
const BY_AMOUNT = {
  name: 'Go-live',
  ratableMethod: 'Ratable',
  releaseEvent: { event: 'Go-live', processing: 'by-amount' },
};

const check = (change: object) =>
  checkSetup(OBLIGATIONS, { name: 'Ours', templates: [RATABLE, BY_AMOUNT], automatic: AUTOMATIC, ...change });
const paths = (change: object) => check(change).mistakes.map(({ path }) => path);

describe('an obligation set-up', () => {
  test('that is pre-configured has no mistakes', () => {
    expect(checkSetup(OBLIGATIONS, { name: 'Pre-Configured', ...PRE_CONFIGURED }).mistakes).toEqual([]);
  });

  test('is kept with what may be left out', () => {
    const { setup, mistakes } = check({});
    expect(mistakes).toEqual([]);
    expect(setup?.body).toMatchObject({
      templates: [{ accounting: 'daily', retain: 'percent' }, {}],
      assignment: [],
    });
  });

  test('assigns by rule, by attributes and by item', () => {
    const assignment = [
      { kind: 'rule', when: "[Ordered Qty] > 10 and [ATR1] = 'x'", template: 'Ratable' },
      { kind: 'attributes', match: { ATR1: 'hardware', 'Ordered Qty': '2' }, template: 'Go-live' },
      { kind: 'item', items: ['Setup fee', '8a1'], template: 'Go-live' },
    ];
    expect(paths({ assignment })).toEqual([]);
  });

  test('is told all its mistakes at once, each with its place', () => {
    const { standalone: _standalone, ...automatic } = { ...AUTOMATIC, usage: 'As Billed' };
    const { setup, mistakes } = check({
      templates: [
        RATABLE,
        { ...RATABLE, ratableMethod: 'Straight Line' },
        { ...RATABLE, name: 'Units', releaseEvent: { event: 'Delivered', processing: 'by-quantity' } },
        RATABLE,
      ],
      assignment: [
        { kind: 'rule', when: '[Orderd Qty] > 10', template: 'Ratable' },
        { kind: 'attributes', match: { 'Ordered Qty': 'many' }, template: 'Ratible' },
        { kind: 'attributes', match: {}, template: 'Ratable' },
        { kind: 'item', items: ['a', 'a'], template: 'Ratable' },
        { kind: 'sku', items: ['a'], template: 'Ratable' },
      ],
      automatic,
    });
    expect(setup).toBeNull();
    expect(mistakes.map(({ path }) => path)).toEqual([
      'templates[1].ratableMethod',
      'templates[2].releaseEvent.processing',
      'templates[3].name',
      'assignment[0].when',
      'assignment[1].template',
      'assignment[1].match.Ordered Qty',
      'assignment[2].match',
      'assignment[3].items[1]',
      'assignment[4].kind',
      'automatic.usage',
      'automatic.standalone',
    ]);
    for (const { message, suggestion } of mistakes) expect(`${message} ${suggestion}`).toMatch(/\. .+[.?]$/);
  });

  test.each([
    ['recurring', { automatic: { ...AUTOMATIC, recurring: 'Go-live' } }, 'automatic.recurring'],
    ['evergreen', { automatic: { ...AUTOMATIC, evergreen: 'Go-live' } }, 'automatic.evergreen'],
    [
      'recurring by attribute',
      {
        assignment: [
          { kind: 'attributes', match: { 'Rate Plan Charge Type': 'Recurring' }, template: 'Go-live' },
        ],
      },
      'assignment[0].template',
    ],
  ])('releases no amounts of what recurs: %s', (_what, change, path) => {
    const [mistake, ...others] = check(change).mistakes;
    expect(others).toEqual([]);
    expect(mistake).toMatchObject({ path, message: expect.stringContaining('event-by-amount') });
  });

  test('releases amounts of what does not', () => {
    expect(paths({ automatic: { ...AUTOMATIC, oneTime: 'Go-live', usage: 'Go-live' } })).toEqual([]);
  });

  test('matches at most ten attributes', () => {
    const match = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`ATR${index + 1}`, 'x']));
    expect(paths({ assignment: [{ kind: 'attributes', match, template: 'Ratable' }] })).toEqual([
      'assignment[0].match',
    ]);
  });

  test('says so when an assignment could never be reached', () => {
    const twice = { kind: 'attributes', match: { ATR1: 'x', ATR2: 'y' }, template: 'Ratable' };
    const other = { ...twice, match: { ATR2: 'y', ATR1: 'x' } };
    expect(paths({ assignment: [twice, other] })).toEqual(['assignment[1].match']);
    const item = { kind: 'item', items: ['a'], template: 'Ratable' };
    expect(paths({ assignment: [item, item] })).toEqual(['assignment[1].items[0]']);
  });

  test('needs a template for every kind of charge', () => {
    const { usage: _usage, ...rest } = AUTOMATIC;
    expect(check({ automatic: rest }).mistakes).toMatchObject([
      { path: 'automatic.usage', message: 'automatic.usage is missing.' },
    ]);
  });
});
