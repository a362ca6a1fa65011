import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createStep02 } from '../../../activities/enablement/step-02-entities.ts';
import type { EntitiesAnswer } from '../../../src/domain/enablement/step-02-entities.ts';
import { type ActivityGround, openActivityGround, synced } from '../../support/activities.ts';
import { asked, openStep } from '../../support/enablement-step.ts';

const org = (entity: string, name: string) => ({ entity, org: name });
const APART = {
  mapping: [org('Sandbox-Entity-1', 'Sandbox-Entity-1'), org('Sandbox-Entity-2', 'Sandbox-Entity-2')],
};

describe('step 2 of a tenant with entities', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround('items=20,seed=7,entities=2')));
  afterAll(() => ground.close());

  const open = () => openStep<EntitiesAnswer>(ground, 2, createStep02(ground.deps));
  const orgs = async () => {
    const { rows } = await ground.database.pool.query<{ entity: string; org: string }>(
      'select entity, org from control.entity order by 1',
    );
    return rows.map(({ entity, org: in_ }) => `${entity}: ${in_}`);
  };

  test('proposes the organisations that entities with accounts are in', async () => {
    const turn = asked(await (await open()).advance());
    expect(turn.value).toEqual(APART);
    expect(turn.remedy).toContain('Without accounts, and may be left out: Sandbox Global.');
  });

  test('refuses a mapping with all that is wrong with it, and says one that would do', async () => {
    const step = await open();
    const wrong = { mapping: [org('Sandbox Entity 1', 'A M E R'), org('Sandbox Entity 9', 'EMEA')] };
    const refused = await step.refusal(wrong);
    expect(refused?.refusal).toContain('"A M E R" cannot be the key of an organisation');
    expect(refused?.refusal).toContain('Billing has no entity "Sandbox Entity 9".');
    expect(refused?.refusal).toContain('Sandbox-Entity-2 (Sandbox Entity 2) is left out, and has accounts');
    expect(refused?.value).toEqual(APART);
    const half = await step.refusal({ mapping: [org('Sandbox Entity 2', 'EMEA')] });
    expect(half?.value).toEqual({
      mapping: [org('Sandbox-Entity-1', 'Sandbox-Entity-1'), org('Sandbox-Entity-2', 'EMEA')],
    });
    expect(await step.refusal(APART)).toBeNull();
  });

  test('maps the entities, says what was before, and keeps who decided it and why', async () => {
    const step = await open();
    const answer = { mapping: [org('Sandbox Entity 1', 'AMER'), org('Sandbox Entity 2', 'AMER')] };
    expect(await step.refusal(answer)).toBeNull();
    const done = await step.advance({ answer, by: 'ann', note: 'One close for both' });
    expect(done).toEqual({
      kind: 'done',
      note: 'Mapped: Sandbox-Entity-1 to AMER and Sandbox-Entity-2 to AMER.',
      evidence: {
        entities: '3',
        organizations: '1',
        mapping: [
          { entity: 'Sandbox-Entity-1', org: 'AMER', was: 'Sandbox-Entity-1' },
          { entity: 'Sandbox-Entity-2', org: 'AMER', was: 'Sandbox-Entity-2' },
        ],
        notMapped: ['Sandbox-Global'],
        leftOut: 0,
        by: 'ann',
      },
    });
    expect(await orgs()).toEqual([
      'Sandbox-Entity-1: AMER',
      'Sandbox-Entity-2: AMER',
      'Sandbox-Global: Sandbox-Global',
    ]);
    const decisions = async () => {
      const { rows } = await ground.database.pool.query(
        "select distinct subject, decided_by, reason from control.decision where kind = 'map-entity' order by 1",
      );
      return rows;
    };
    const decided = { decided_by: 'ann', reason: 'One close for both' };
    expect(await decisions()).toEqual([
      { subject: 'Sandbox-Entity-1', ...decided },
      { subject: 'Sandbox-Entity-2', ...decided },
    ]);
    expect(await step.advance({ answer, by: 'ann' })).toMatchObject({ kind: 'done' });
    expect(await decisions()).toHaveLength(2);
  });

  test('asks again where an entity ran meanwhile and cannot be moved any more', async () => {
    await synced(ground, undefined, { entity: 'Sandbox-Entity-1' });
    const step = await open();
    const answer = { mapping: [org('Sandbox-Entity-1', 'EMEA'), org('Sandbox-Entity-2', 'EMEA')] };
    const turn = asked(await step.advance({ answer, by: 'ann' }));
    expect(turn.remedy).toContain('Entity Sandbox-Entity-1 belongs to AMER for good');
    expect(turn.value).toEqual({
      mapping: [org('Sandbox-Entity-1', 'AMER'), org('Sandbox-Entity-2', 'EMEA')],
    });
    expect(await orgs()).toContain('Sandbox-Entity-2: AMER');
  });

  test('still applies where the list of entities is kept from the credentials', async () => {
    ground.world.billing = (real) => ({ ...real, entities: async () => [] });
    expect(asked(await (await open()).advance()).message).toContain('Billing lists 3 entities');
  });
});

test('step 2 does not apply where Billing lists no entities', async () => {
  const ground = await openActivityGround();
  const step = await openStep<EntitiesAnswer>(ground, 2, createStep02(ground.deps));
  expect(await step.advance()).toMatchObject({ kind: 'not-applicable', evidence: { entities: '1' } });
  await ground.close();
});
