import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { MASS_ACTIONS } from '../../src/domain/requests/mass-actions.ts';
import { answerRequest } from '../../src/domain/requests/request.ts';
import { massActions } from '../../src/limitations/mass-actions.ts';
import {
  closeContracts,
  holdContracts,
  openContracts,
  releaseContracts,
} from '../../src/store/contracts/mass-actions.ts';
import { regroupContracts } from '../../src/store/contracts/regroup-contracts.ts';
import type { Db } from '../../src/store/database.ts';
import { listContracts } from '../../src/store/contracts.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

const { id: limitation, remedy } = massActions;
type Level = 'contract' | 'obligation' | 'line';
const answer = (level: Level, action: string) => answerRequest({ kind: 'mass-action', level, action });
const namesOn = (level: Level) => MASS_ACTIONS.filter((each) => each.level === level).map(({ name }) => name);

describe('Mass actions', () => {
  test.each(namesOn('contract'))('%s is accepted on contracts, and refused on what is in them', (action) => {
    expect(answer('contract', action)).toMatchObject({ accepted: true, limitation: null });
    for (const level of ['obligation', 'line'] as const) {
      expect(answer(level, action)).toMatchObject({ accepted: false, limitation, remedy });
    }
  });

  test.each(
    [...namesOn('obligation'), ...namesOn('line')].filter((name) => !namesOn('contract').includes(name)),
  )('%s is refused, whatever it is asked on', (action) => {
    for (const level of ['contract', 'obligation', 'line'] as const) {
      expect(answer(level, action)).toMatchObject({ accepted: false, limitation, remedy });
    }
  });

  test('is no reason to refuse what is no mass action', () => {
    expect(answer('contract', 'sing')).toMatchObject({ accepted: false, limitation: null });
  });

  describe('of revsync', () => {
    const org = 'default';
    const WHY = { reason: 'Agreed.', by: 'ann' };
    let database: TestDatabase;
    let contract = '';
    beforeAll(async () => {
      database = await openTestDatabase();
      await syncRows(database, sampleTenant());
      await collectOrg(database);
      [contract = ''] = (await listContracts(database.db, { org })).map(({ id }) => id);
    });
    afterAll(() => database.close());

    const ACTIONS: Readonly<Record<string, (db: Db, ids: readonly string[]) => Promise<unknown>>> = {
      hold: (db, ids) => holdContracts(db, { org, ids, hold: 'revenue', ...WHY }),
      release: (db, ids) => releaseContracts(db, { org, ids, ...WHY }),
      close: (db, ids) => closeContracts(db, { org, ids, ...WHY }),
      open: (db, ids) => openContracts(db, { org, ids, ...WHY }),
      regroup: (db, ids) => regroupContracts(db, { org, ids, ...WHY }),
    };

    test.each(Object.keys(ACTIONS))(
      '%s takes ids of contracts, not of obligations or lines',
      async (name) => {
        const act = ACTIONS[name];
        for (const id of ['POB-0123456789ab', 'SO:orig.1@1', 'INV:item1']) {
          await expect(act?.(database.db, [contract, id])).rejects.toMatchObject({
            code: 'MASS_ACTION_REFUSED',
            remedy,
            context: { limitation },
          });
        }
        await expect(act?.(database.db, [contract])).resolves.toMatchObject({ action: name });
      },
    );
  });
});
