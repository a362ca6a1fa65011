import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createStep02 } from '../../../activities/enablement/step-02-entities.ts';
import { createStep04 } from '../../../activities/enablement/step-04-settings.ts';
import type { Billing } from '../../../src/billing/port.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import type { EntitiesAnswer } from '../../../src/domain/enablement/step-02-entities.ts';
import type { SettingsAnswer } from '../../../src/domain/enablement/step-04-settings.ts';
import type { ChildResult } from '../../../src/domain/enablement/step.ts';
import { setByHand } from '../../../src/store/profiles.ts';
import {
  type ActivityGround,
  inActivity,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
} from '../../support/activities.ts';
import { asked, openStep } from '../../support/enablement-step.ts';
import { plainSpec } from '../../support/tripped-tenants.ts';

const PAST = 'invoice-past-end-of-term';
const ACCEPTED: SettingsAnswer = { approve: true, accept: [PAST], note: 'The contract asks for it.' };

/** Billing whose settings of a key are changed. */
const changing =
  (key: string, change: object) =>
  (real: Billing): Billing => ({
    ...real,
    setting: async (asked) => {
      const body = await real.setting(asked);
      return asked === key ? { ...(body as object), ...change } : body;
    },
  });

const open = (ground: ActivityGround) => openStep<SettingsAnswer>(ground, 4, createStep04(ground.deps));

/** The settings sync, as its workflow does it. */
async function settingsSync(ground: ActivityGround): Promise<ChildResult> {
  const owner = newOwner('settings-sync/demo');
  await runFor(ground, owner)('readSettings');
  const { outcome } = await runFor(ground, owner)('configureSettings');
  return { workflow: 'settingsSync', id: owner.workflowId, runId: owner.runId, outcome, told: {} };
}

const decisionsIn = async ({ database }: ActivityGround): Promise<unknown[]> =>
  (
    await database.pool.query(
      'select org, kind, subject, before, after, reason, decided_by from control.decision order by decision',
    )
  ).rows;

describe('step 4 of a tenant whose settings fit', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround(smallTenant())));
  afterAll(() => ground.close());

  test('asks nothing, and has the settings sync done once the data was looked at', async () => {
    const step = await open(ground);
    expect(await step.advance()).toMatchObject({
      kind: 'work',
      work: [{ workflow: 'settingsSync', id: 'settings-sync/demo', input: {} }],
    });
    const exports = ground.calls.get('submitExport');
    expect(exports).toBe(1);

    await setByHand(ground.database.db, {
      name: 'BILLING_EXCHANGE_RATE_DATE',
      code: null,
      value: 'Rate On Specified Date',
      by: 'ann',
      reason: 'a test',
    });
    await setByHand(ground.database.db, {
      name: 'MAINTAIN_OPEN_PERIOD',
      code: null,
      value: 'Book',
      by: 'ann',
      reason: 'a test',
    });
    const runs = [await settingsSync(ground)];
    const read = ground.calls.get('setting');
    const turn = await step.advance({ runs });
    expect(ground.calls.get('setting')).toBe(read); // the settings sync has read them just now
    expect(turn).toMatchObject({
      kind: 'done',
      note: expect.stringMatching(/^Every binding setting fits; \d+ profiles and lookups written, 1 kept/),
      evidence: {
        deviations: [],
        readiness: { unread: [] },
        changes: expect.arrayContaining([
          { name: 'ZBILLING_INTEGRATION', before: null, after: 'Yes' },
          { name: 'RPRO_KS_ZUORA_ENTITIES demo', before: null, after: 'default' },
        ]),
        kept: [{ name: 'MAINTAIN_OPEN_PERIOD', value: 'Book', setBy: 'ann', wouldBe: 'Org' }],
        advice: ['recurring-credit-proration'],
      },
    });
    expect(ground.calls.get('submitExport')).toBe(exports);
    expect(await decisionsIn(ground)).toEqual([]);
  });

  test('tells apart what Billing does not have and what it does not list', async () => {
    const done = async () => (await open(ground)).advance({ runs: [await settingsSync(ground)] });
    const untold = (cannotTell: unknown) => ({ kind: 'done', evidence: { readiness: { cannotTell } } });
    expect(await done()).toMatchObject(untold('0'));
    ground.world.billing = (real) => ({
      ...real,
      objects: async () => {
        throw new RevsyncError('Not for you.', {
          code: 'BILLING_PERMISSION_MISSING',
          fate: 'fix-input',
          remedy: 'Ask for it.',
        });
      },
    });
    expect(await done()).toMatchObject(untold(expect.stringMatching(/^[1-9]/)));
    ground.world.billing = (real) => real;
  });

  test('reads the data again where it begins anew, and not after an answer', async () => {
    const { enablement } = await open(ground);
    const context = {
      enablement,
      step: 4,
      by: null,
      note: null,
      answers: {},
      named: null,
      runs: [],
    } as const;
    const readings = async (activityId: string, answer: SettingsAnswer | null): Promise<number> => {
      const before = ground.calls.get('submitExport') ?? 0;
      const work = () => createStep04(ground.deps).advance({ ...context, answer });
      await inActivity(work, {
        activityId,
        workflowExecution: { workflowId: 'enablement/demo', runId: 'one' },
      });
      return (ground.calls.get('submitExport') ?? 0) - before;
    };
    expect(await readings('1', null)).toBe(1);
    expect(await readings('1', null)).toBe(0); // another attempt
    expect(await readings('2', { approve: true })).toBe(0);
    expect(await readings('3', null)).toBe(1);
  });

  test('takes an approval that nobody had to give', async () => {
    const step = await open(ground);
    expect(await step.refusal({ approve: true })).toBeNull();
    expect(await step.advance({ answer: { approve: true }, by: 'ann' })).toMatchObject({ kind: 'work' });
    expect(await decisionsIn(ground)).toEqual([]);
  });
});

describe('step 4 of a tenant that bills past the end of terms', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround(smallTenant(plainSpec(PAST)))));
  afterAll(() => ground.close());

  test('waits, and says what follows and what would do', async () => {
    const turn = asked(await (await open(ground)).advance());
    expect(turn.message).toMatch(
      /^One deviation has to be accepted.*: invoice-past-end-of-term \(What is billed beyond/,
    );
    expect(turn.message).toContain('Readiness finds 1 known limitation in effect');
    expect(turn.message.length).toBeLessThanOrEqual(400);
    expect(turn.remedy).toContain('invoice-past-end-of-term-subscriptions is true in demo');
    expect(turn).toMatchObject({
      value: { approve: true, accept: [PAST], note: '...' },
      polls: false,
    });
  });

  test('asks the same again', async () => {
    const step = await open(ground);
    expect(await step.advance()).toEqual(await step.advance());
  });

  test('refuses an approval that does not name it, or gives no reason', async () => {
    const step = await open(ground);
    const missing = await step.refusal({ approve: true });
    expect(missing?.refusal).toContain('invoice-past-end-of-term is not accepted');
    expect(missing?.value).toEqual({ approve: true, accept: [PAST], note: '...' });
    expect((await step.refusal({ approve: true, accept: [PAST] }))?.refusal).toContain('A reason is missing');
    expect((await step.refusal({ ...ACCEPTED, accept: ['invoice-past-end-of-terms'] }))?.refusal).toContain(
      'Did you mean invoice-past-end-of-term?',
    );
    expect(await decisionsIn(ground)).toEqual([]);
  });

  test('goes on once it is accepted with a reason, and keeps that for the audit, once', async () => {
    const step = await open(ground);
    const said = { answer: ACCEPTED, by: 'ann' };
    expect(await step.refusal(ACCEPTED, { by: 'ann' })).toBeNull();
    expect(await step.advance(said)).toMatchObject({ kind: 'work' });
    expect(await step.advance(said)).toMatchObject({ kind: 'work' });
    const kept = await decisionsIn(ground);
    expect(kept).toEqual([
      {
        org: 'default',
        kind: 'accept-deviation',
        subject: PAST,
        before: {
          settings: ['invoice-past-end-of-term-auto-renew-off', 'invoice-past-end-of-term-subscriptions'].map(
            (rule) => ({ entity: 'demo', rule, value: 'true', required: 'No' }),
          ),
        },
        after: {
          accepted: true,
          consequence: expect.stringMatching(/^What is billed beyond the term was never booked/),
        },
        reason: 'The contract asks for it.',
        decided_by: 'ann',
      },
    ]);

    const runs = [await settingsSync(ground)];
    expect(await step.advance({ ...said, runs })).toMatchObject({
      kind: 'done',
      note: expect.stringMatching(/^1 deviation accepted/),
      evidence: {
        deviations: [{ id: PAST }],
        acceptedBy: 'ann',
        reason: 'The contract asks for it.',
        readiness: {
          affected: [{ id: PAST, items: expect.stringMatching(/^[1-9]/), amount: expect.any(String) }],
        },
      },
    });
    expect(await decisionsIn(ground)).toEqual(kept);
  });

  test('asks again for a deviation that appeared after the approval, and keeps what was said', async () => {
    const step = await open(ground);
    ground.world.billing = changing('billing-rules', { daysInMonth: 'Assume30Days' });
    const turn = asked(
      await step.advance({ answer: ACCEPTED, by: 'ann', runs: [await settingsSync(ground)] }),
    );
    ground.world.billing = (real) => real;
    expect(turn.message).toMatch(/: days-in-month \(/);
    expect(turn.value).toEqual({
      approve: true,
      accept: ['days-in-month', PAST],
      note: 'The contract asks for it.',
    });
  });

  test('takes an approval without it once it was turned off in Billing', async () => {
    const step = await open(ground);
    await step.advance();
    ground.world.billing = (real) =>
      changing('billing-rules', { invoicePastEndOfTerm: false })(
        changing('subscription-settings', { invoicePastEndOfTerm: false })(real),
      );
    expect(await step.refusal({ approve: true })).toBeNull();
    const before = (await decisionsIn(ground)).length;
    expect(await step.advance({ answer: ACCEPTED, by: 'ann' })).toMatchObject({ kind: 'work' });
    expect(await decisionsIn(ground)).toHaveLength(before);
    ground.world.billing = (real) => real;
  });
});

describe('step 4 of a tenant with entities of which one is closed', () => {
  let ground: ActivityGround;
  beforeAll(async () => {
    ground = await openActivityGround(smallTenant('items=40,seed=7,entities=2'));
    ground.world.billing = (real) => ({
      ...real,
      entities: async () =>
        (await real.entities()).map((entity) =>
          entity.name === 'Entity 2' ? { ...entity, homeCurrency: null, readable: false } : entity,
        ),
    });
  });
  afterAll(() => ground.close());

  test('asks to look at every setting that it does not tell, and says that its data was not read', async () => {
    const turn = asked(await (await open(ground)).advance());
    expect(turn.message).toMatch(/^\d\d deviations have to be accepted/);
    expect(turn.message).toContain('1 entity is kept from the credentials');
    expect(turn.message.length).toBeLessThanOrEqual(400);
    expect(turn.remedy).toContain('not told in Sandbox-Entity-2');
    expect(turn.value['accept']).toContain(PAST);
    const { rows } = await ground.database.pool.query('select entity from control.run order by run');
    expect(rows.map(({ entity }) => entity)).toEqual(['Sandbox-Entity-1', 'Sandbox-Global']);
  });

  test('takes the name of a limitation for its settings that are not told', async () => {
    const step = await open(ground);
    const { value } = asked(await step.advance());
    const all = (value['accept'] as string[]).filter((id) => !id.startsWith(PAST));
    expect(await step.refusal({ approve: true, accept: [...all, PAST], note: 'Looked at.' })).toBeNull();
    expect(await step.refusal({ approve: true, accept: all, note: 'Looked at.' })).not.toBeNull();
  });
});

describe('step 4 of a tenant whose entities go to another organisation', () => {
  let ground: ActivityGround;
  beforeAll(async () => {
    ground = await openActivityGround(smallTenant('items=40,seed=7,entities=2'));
    ground.world.billing = changing('billing-rules', { daysInMonth: 'Assume30Days' });
  });
  afterAll(() => ground.close());

  const rows = async (query: string) => (await ground.database.pool.query<{ line: string }>(query)).rows;
  const accountsOf = async () =>
    (
      await rows(
        "select distinct entity || ' in ' || org as line from prestaging.account where not deleted order by 1",
      )
    ).map(({ line }) => line);
  const readIn = async () =>
    (await rows('select entity as line from control.run order by 1')).map(({ line }) => line);
  const acceptedIn = async () =>
    (
      await rows(
        `select d.org || ': ' || string_agg(s ->> 'entity', ', ' order by s ->> 'entity') as line
         from control.decision as d cross join jsonb_array_elements(d.before -> 'settings') as s
         where d.kind = 'accept-deviation' and d.subject = 'days-in-month' group by d.decision, d.org order by 1`,
      )
    ).map(({ line }) => line);

  test('reads what the mapping dropped, and keeps what is accepted anew for the new organisation', async () => {
    const step = await open(ground);
    const { value } = asked(await step.advance());
    const answer: SettingsAnswer = {
      approve: true,
      accept: (value['accept'] as string[]).map(String),
      note: 'Looked at.',
    };
    expect(await step.advance({ answer, by: 'ann' })).toMatchObject({ kind: 'work' });
    const apart = ['Sandbox-Entity-1 in Sandbox-Entity-1', 'Sandbox-Entity-2 in Sandbox-Entity-2'];
    expect(await accountsOf()).toEqual(apart);
    const before = await acceptedIn();
    expect(before).toContain('Sandbox-Entity-2: Sandbox-Entity-2');

    const mapping = ['Sandbox-Entity-1', 'Sandbox-Entity-2'].map((entity) => ({ entity, org: 'AMER' }));
    const amended = await openStep<EntitiesAnswer>(ground, 2, createStep02(ground.deps));
    await amended.advance({ answer: { mapping }, by: 'ann' });
    expect(await accountsOf()).toEqual([]);

    expect(await readIn()).toEqual(['Sandbox-Global']);

    // The amendment has forgotten the answer.
    expect(asked(await step.advance()).value).toEqual(value);
    expect(await readIn()).toEqual(['Sandbox-Entity-1', 'Sandbox-Entity-2', 'Sandbox-Global']);
    expect(await accountsOf()).toEqual(['Sandbox-Entity-1 in AMER', 'Sandbox-Entity-2 in AMER']);
    expect(await acceptedIn()).toEqual(before);
    expect(await step.advance({ answer, by: 'ann' })).toMatchObject({ kind: 'work' });
    expect(await acceptedIn()).toEqual(['AMER: Sandbox-Entity-1, Sandbox-Entity-2', ...before]);
  });
});
