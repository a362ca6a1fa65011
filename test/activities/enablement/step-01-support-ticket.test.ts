import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createEnablementActivities } from '../../../activities/enablement.ts';
import { createStep01 } from '../../../activities/enablement/step-01-support-ticket.ts';
import { createStepWorks } from '../../../activities/enablement/works.ts';
import type { Notice } from '../../../src/domain/enablement/notice.ts';
import type { SupportTicketAnswer } from '../../../src/domain/enablement/step-01-support-ticket.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { stepContext } from '../../../src/store/enablement/step-context.ts';
import { type ActivityGround, inActivity, openActivityGround } from '../../support/activities.ts';
import { asked, openStep } from '../../support/enablement-step.ts';

const DETAILS = { contact: 'ann@example.com', revenueVersion: '37.007.00.00' } as const;

describe('step 1 of a tenant without entities', () => {
  let ground: ActivityGround;
  let posted: Notice[];
  beforeAll(async () => void (ground = await openActivityGround()));
  beforeEach(() => {
    posted = [];
    ground.world.tenantName = null;
    ground.world.notify = async (notice) => posted.push(notice) > 0;
  });
  afterAll(() => ground.close());

  const open = () => openStep<SupportTicketAnswer>(ground, 1, createStep01(ground.deps));
  const displayName = async () => {
    const { rows } = await ground.database.pool.query<{ name: string }>(
      'select display_name as name from control.entity',
    );
    return rows.map(({ name }) => name);
  };

  test('asks for the details of the ticket, and posts nothing before it has them', async () => {
    const turn = asked(await (await open()).advance({ named: 'Acme Inc.' }));
    expect(turn.value).toEqual({ ...DETAILS, tenantName: 'Acme Inc.' });
    expect(posted).toEqual([]);
  });

  test('writes the ticket and posts it once, then waits for its resolution', async () => {
    const step = await open();
    const turn = asked(await step.advance({ answer: { ...DETAILS, tenantName: 'Acme Inc.' }, by: 'ann' }));
    expect(turn).toMatchObject({ value: { resolved: true }, polls: false });
    expect(turn.message).toContain('was posted');
    expect(turn.remedy).toContain('Tenant: Acme Inc. (demo).');
    expect(posted).toMatchObject([{ event: 'ticket', tenant: 'demo', step: 1, text: turn.remedy }]);

    const waiting = { ...DETAILS, tenantName: 'Acme Inc.', resolved: false };
    expect(asked(await step.advance({ answer: waiting, by: 'ann' })).message).toBe(turn.message);
    expect(posted).toHaveLength(1);

    const done = await step.advance({ answer: { ...waiting, resolved: true, ticket: '4711' }, by: 'bob' });
    expect(done).toMatchObject({
      kind: 'done',
      evidence: { ticket: turn.remedy, number: '4711', posted: true, ...DETAILS, resolvedBy: 'bob' },
    });
    expect(posted).toHaveLength(1);
  });

  test('takes the name that was answered over, as that of the tenant’s lines', async () => {
    await (await open()).advance({ answer: { ...DETAILS, tenantName: 'Beta Inc.' }, by: 'ann' });
    expect(await displayName()).toEqual(['Beta Inc.']);
    const { rows } = await ground.database.pool.query('select name, changed_by from control.tenant_name');
    expect(rows).toEqual([{ name: 'Beta Inc.', changed_by: 'ann' }]);
  });

  test('takes the name that the enablement was started with where the answer has none', async () => {
    const turn = await (await open()).advance({ answer: DETAILS, named: 'Gamma Inc.', by: 'ann' });
    expect(asked(turn).remedy).toContain('Gamma Inc. (demo)');
    expect(await displayName()).toEqual(['Gamma Inc.']);
  });

  test('needs no webhook', async () => {
    ground.world.notify = async () => false;
    const step = await open();
    expect(asked(await step.advance({ answer: DETAILS })).message).toContain('is written. Send it');
    const done = await step.advance({ answer: { ...DETAILS, resolved: true } });
    expect(done).toMatchObject({ kind: 'done', evidence: { posted: false } });
  });

  test('posts nothing that is resolved already', async () => {
    expect(await (await open()).advance({ answer: { ...DETAILS, resolved: true } })).toMatchObject({
      kind: 'done',
      evidence: { posted: false },
    });
    expect(posted).toEqual([]);
  });

  test('refuses a name where the configuration has another', async () => {
    ground.world.tenantName = 'Configured Inc.';
    const step = await open();
    expect(await step.refusal({ ...DETAILS, tenantName: 'Acme Inc.' })).toMatchObject({
      refusal: expect.stringContaining('"Configured Inc."') as string,
      value: DETAILS,
    });
    expect(await step.refusal({ ...DETAILS, tenantName: 'Configured Inc.' })).toBeNull();
    const turn = asked(await step.advance({ answer: DETAILS }));
    expect(turn.remedy).toContain('Tenant: Configured Inc. (demo).');
  });

  test('writes it although the currency settings may not be read', async () => {
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
    expect(asked(await (await open()).advance({ answer: DETAILS })).remedy).toContain('Contact: ann@');
    ground.world.billing = (real) => real;
  });
});

describe('step 1, answered bit by bit', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  test('stays answerable, and may be amended, once the name is configured that was given before', async () => {
    const { enablement } = await openStep<SupportTicketAnswer>(ground, 1, createStep01(ground.deps));
    const take = (value: SupportTicketAnswer, reason: string | null = null) =>
      inActivity(() =>
        createEnablementActivities(ground.deps, createStepWorks(ground.deps)).takeAnswer({
          enablement,
          step: 1,
          value,
          by: 'ann',
          note: null,
          reason,
        }),
      );
    const kept = async () => (await stepContext(ground.database.db, enablement, 1)).answer;

    ground.world.tenantName = null;
    expect(await take({ ...DETAILS, tenantName: 'Acme Inc.' })).toEqual({ taken: true });
    expect(await take({ ticket: '4711' })).toEqual({ taken: true });
    expect(await kept()).toEqual({ ...DETAILS, tenantName: 'Acme Inc.', ticket: '4711' });

    ground.world.tenantName = 'Configured Inc.';
    expect(await take({ tenantName: 'Acme Inc.' })).toMatchObject({ taken: false });
    expect(await take({})).toMatchObject({ taken: false, refusal: 'The answer says nothing.' });
    expect(await take({ resolved: true })).toEqual({ taken: true });
    expect(await kept()).toEqual({ ...DETAILS, ticket: '4711', resolved: true });
    expect(await take({ revenueVersion: '37.010.00.00' }, 'Upgraded')).toEqual({ taken: true });
    expect(await kept()).toMatchObject({ revenueVersion: '37.010.00.00', resolved: true });
  });
});

describe('step 1 where Billing lists entities', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround('items=20,seed=7,entities=2')));
  afterAll(() => ground.close());

  const open = () => openStep<SupportTicketAnswer>(ground, 1, createStep01(ground.deps));

  test('names them in the ticket, and asks for no name', async () => {
    ground.world.tenantName = null;
    const step = await open();
    expect(asked(await step.advance({ named: 'Acme Inc.' })).value).toEqual(DETAILS);
    const { remedy } = asked(await step.advance({ answer: DETAILS, named: 'Acme Inc.' }));
    expect(remedy).toContain('Tenant: Acme Inc. (demo).');
    expect(remedy).toMatch(/Entities in Billing: .*Sandbox Entity 1 \(.+\)/);
    expect(await step.refusal({ tenantName: 'Acme Inc.' })).not.toBeNull();
  });
});
