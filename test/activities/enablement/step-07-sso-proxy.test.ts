import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createStep07 } from '../../../activities/enablement/step-07-sso-proxy.ts';
import type { Notice } from '../../../src/domain/enablement/notice.ts';
import { type ActivityGround, openActivityGround } from '../../support/activities.ts';
import { asked, openStep } from '../../support/enablement-step.ts';

const answers = { 1: { contact: 'ann@example.com', revenueVersion: '37.007.00.00' } } as const;

describe('step 7', () => {
  let ground: ActivityGround;
  let posted: Notice[];
  beforeAll(async () => void (ground = await openActivityGround()));
  beforeEach(() => {
    posted = [];
    ground.world.notify = async (notice) => posted.push(notice) > 0;
  });
  afterAll(() => ground.close());

  test('writes the ticket with the contact of step 1, and posts it once', async () => {
    const step = await openStep(ground, 7, createStep07(ground.deps));
    const turn = asked(await step.advance({ answers }));
    expect(turn).toMatchObject({ value: { requested: true }, polls: false });
    expect(turn.remedy).toContain('single sign-on');
    expect(turn.remedy).toContain('Tenant: Demo Inc. (demo).\nContact: ann@example.com.');
    await step.advance({ answers });
    expect(posted).toMatchObject([{ event: 'ticket', step: 7, text: turn.remedy }]);

    const done = await step.advance({ answers, answer: { requested: true, ticket: '12' }, by: 'bob' });
    expect(done).toMatchObject({
      kind: 'done',
      evidence: { ticket: turn.remedy, number: '12', posted: true, requestedBy: 'bob' },
    });
  });

  test('posts nothing where it was requested already', async () => {
    const step = await openStep(ground, 7, createStep07(ground.deps));
    expect(await step.advance({ answers, answer: { requested: true }, by: 'bob' })).toMatchObject({
      kind: 'done',
      evidence: { posted: false, number: null },
    });
    expect(posted).toEqual([]);
  });

  test('goes by the name that step 1 was told', async () => {
    ground.world.tenantName = null;
    const step = await openStep(ground, 7, createStep07(ground.deps));
    const told = { 1: { ...answers[1], tenantName: 'Acme Inc.' } };
    expect(asked(await step.advance({ answers: told, named: 'Other' })).remedy).toContain('Acme Inc. (demo)');
    expect(asked(await step.advance({ answers, named: 'Other' })).remedy).toContain('Other (demo)');
  });
});
