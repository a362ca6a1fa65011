import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createStep03 } from '../../../activities/enablement/step-03-home-currency.ts';
import type { Billing, BillingEntity } from '../../../src/billing/port.ts';
import type { HomeCurrencyAnswer } from '../../../src/domain/enablement/step-03-home-currency.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { type ActivityGround, failureOf, openActivityGround } from '../../support/activities.ts';
import { asked, openStep } from '../../support/enablement-step.ts';

const OFF = { currencyConversion: 'off' } as const;
const USD = { homeCurrency: 'USD' } as const;

const open = (ground: ActivityGround) => openStep<HomeCurrencyAnswer>(ground, 3, createStep03(ground.deps));
const taken = async (ground: ActivityGround) => {
  const { rows } = await ground.database.pool.query<{ entity: string; home_currency: string | null }>(
    'select entity, home_currency from control.entity order by 1',
  );
  return Object.fromEntries(rows.map(({ entity, home_currency }) => [entity, home_currency]));
};
const decisions = async (ground: ActivityGround) => {
  const { rows } = await ground.database.pool.query(
    "select org, subject, after, reason, decided_by from control.decision where kind = 'currency-conversion-off' order by 2",
  );
  return rows;
};

describe('step 3 of a tenant without entities', () => {
  let ground: ActivityGround;
  beforeEach(async () => void (ground = await openActivityGround()));

  const tell = (code: string | null): void => {
    ground.world.billing = (real) => ({
      ...real,
      setting: async (key) => (key === 'fx-currencies' ? { homeCurrencyCode: code } : real.setting(key)),
    });
  };

  test('is done by itself where the home currency is set, and takes it over for good', async () => {
    tell('EUR');
    const step = await open(ground);
    expect(await step.advance()).toMatchObject({
      kind: 'done',
      note: 'Home currency: EUR.',
      evidence: { homeCurrencies: [{ entity: 'demo', homeCurrency: 'EUR' }] },
    });
    expect(await taken(ground)).toEqual({ demo: 'EUR' });
    tell('USD');
    const type = 'HOME_CURRENCY_CHANGED';
    expect(await failureOf(step.advance())).toMatchObject({
      type,
      message: expect.stringContaining('Billing tells USD') as string,
    });
    tell(null);
    expect(await failureOf(step.advance())).toMatchObject({
      type,
      message: expect.stringContaining('tells no home currency of demo any more') as string,
    });
    expect(await taken(ground)).toEqual({ demo: 'EUR' });
    tell('EUR');
    expect(await step.advance()).toMatchObject({ kind: 'done', note: 'Home currency: EUR.' });
    await ground.close();
  });

  test('says where to set it, and looks until it is set', async () => {
    tell(null);
    const step = await open(ground);
    const turn = asked(await step.advance());
    expect(turn.polls).toBe(true);
    expect(turn.remedy).toContain('Finance > Manage Currency Conversion > Home Currency.');
    expect(await step.arrived()).toBe(false);
    tell('JPY');
    expect(await step.arrived()).toBe(true);
    expect(await step.advance()).toMatchObject({ kind: 'done', note: 'Home currency: JPY.' });
    await ground.close();
  });

  test('believes no answer that Billing does not bear out', async () => {
    tell(null);
    const step = await open(ground);
    expect(await step.refusal(USD)).toMatchObject({
      refusal: expect.stringContaining('no home currency of Demo Inc. yet') as string,
      value: USD,
    });
    tell('EUR');
    expect(await step.refusal(USD)).toEqual({
      refusal: 'Billing says EUR, and it cannot be changed there.',
      value: { homeCurrency: 'EUR' },
    });
    expect(await step.refusal(OFF)).toMatchObject({ value: { homeCurrency: 'EUR' } });
    expect(await step.refusal({ homeCurrency: 'EUR' })).toBeNull();
    await ground.close();
  });

  test('keeps once, as a decision, that Currency Conversion stays off', async () => {
    tell(null);
    const step = await open(ground);
    expect(await step.refusal(OFF)).toBeNull();
    const said = { answer: OFF, by: 'ann', note: 'One currency only' };
    const turn = await step.advance(said);
    expect(turn).toMatchObject({
      kind: 'done',
      evidence: { currencyConversion: 'off', functionalCurrency: 'of the invoice', decidedBy: 'ann' },
    });
    expect(await step.advance(said)).toEqual(turn);
    expect(await decisions(ground)).toEqual([
      {
        org: 'default',
        subject: 'demo',
        after: { functionalCurrency: 'of the invoice' },
        reason: 'One currency only',
        decided_by: 'ann',
      },
    ]);
    expect(await taken(ground)).toEqual({ demo: null });
    await ground.close();
  });

  test('takes a home currency that came after the answer that there is none', async () => {
    tell('USD');
    const step = await open(ground);
    expect(await step.advance({ answer: OFF, by: 'ann' })).toMatchObject({ note: 'Home currency: USD.' });
    expect(await decisions(ground)).toEqual([]);
    await ground.close();
  });

  test('fails visibly where the setting may not be read, also while it looks', async () => {
    ground.world.billing = (real) => ({
      ...real,
      setting: () => {
        throw new RevsyncError('No.', {
          code: 'BILLING_PERMISSION_MISSING',
          fate: 'fix-input',
          remedy: 'Ask.',
        });
      },
    });
    const step = await open(ground);
    const failure = { type: 'BILLING_PERMISSION_MISSING', nonRetryable: true };
    expect(await failureOf(step.advance())).toMatchObject(failure);
    expect(await failureOf(step.arrived())).toMatchObject(failure);
    await ground.close();
  });
});

describe('step 3 of a tenant with entities', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround('items=20,seed=7,entities=2')));
  afterAll(() => ground.close());

  const tell = (homes: Readonly<Record<string, string | null>>, readable = true): void => {
    const changed = (entity: BillingEntity): BillingEntity => ({
      ...entity,
      homeCurrency: homes[entity.name] ?? null,
      readable,
    });
    ground.world.billing = (real: Billing) => ({
      ...real,
      entities: async () => (await real.entities()).map(changed),
    });
  };

  test('does not go on without an entity that the credentials may not read', async () => {
    tell({}, false);
    const step = await open(ground);
    expect(asked(await step.advance()).remedy).toContain('give the integration user access');
    expect(await step.refusal(OFF)).toMatchObject({
      refusal: expect.stringContaining('is not known') as string,
    });
  });

  test('names the parent, and who has accounts and no home currency', async () => {
    tell({ 'Entity 1': 'USD' });
    const step = await open(ground);
    const turn = asked(await step.advance());
    expect(turn.message).toContain('no home currency of Sandbox Entity 2.');
    expect(turn.remedy).toContain('in the parent entity (Sandbox Global)');
    expect(await step.refusal(OFF)).toMatchObject({
      refusal: expect.stringContaining('Set it for Sandbox Entity 2 as well') as string,
    });
  });

  test('is done once the parent has one, which its children inherit', async () => {
    tell({ Global: 'EUR', 'Entity 1': 'USD' });
    const step = await open(ground);
    expect(await step.arrived()).toBe(true);
    expect(await step.refusal({ homeCurrency: 'EUR' })).toBeNull();
    expect(await step.refusal({ homeCurrency: 'GBP' })).toMatchObject({ value: { homeCurrency: 'EUR' } });
    expect(await step.advance()).toMatchObject({ kind: 'done', note: 'Home currencies: EUR and USD.' });
    expect(await taken(ground)).toEqual({
      'Sandbox-Entity-1': 'USD',
      'Sandbox-Entity-2': 'EUR',
      'Sandbox-Global': 'EUR',
    });
  });
});
