import { expect } from 'vitest';

import { Decimal, sum } from '../../src/domain/money/decimal.ts';
import { listContracts } from '../../src/store/contracts.ts';
import { showContract, type ShownContract } from '../../src/store/contracts/show-contract.ts';
import type { TestDatabase } from './database.ts';
import { collectOrg, type Rows, syncRows } from './sync-rows.ts';

/** Changes that leave the bookings of a contract as they are. */
const BESIDE = new Set(['concession', 'system-credit', 'obligation']);

/** Syncs and collects each batch of rows after the other; the contracts of the organisation then, by key. */
export async function contractsAfter(
  database: TestDatabase,
  org: string,
  ...batches: readonly Rows[]
): Promise<Record<string, ShownContract>> {
  for (const rows of batches) {
    await syncRows(database, rows, { entity: org, org });
    await collectOrg(database, org);
  }
  return contractsOf(database, org);
}

/** The contracts of an organisation by key. Whatever changed, their versions add up to their bookings. */
export async function contractsOf(
  { db }: Pick<TestDatabase, 'db'>,
  org: string,
): Promise<Record<string, ShownContract>> {
  const shown: Record<string, ShownContract> = {};
  for (const { id, key } of await listContracts(db, { org })) {
    const contract = await showContract(db, { id, org });
    const changes = contract.versions.flatMap((version) => version.changes);
    const booked = changes
      .filter(({ action }) => !BESIDE.has(action))
      .map(({ amount, wasAmount }) => new Decimal(amount ?? 0).minus(wasAmount ?? 0));
    expect(sum(booked).toFixed(2), `the versions of ${key}`).toBe(new Decimal(contract.bookings).toFixed(2));
    shown[key] = contract;
  }
  return shown;
}

/** The newest version in few words: its cause, and each change as `SO line: action, category, was -> is`. */
export function newestVersion({ versions }: ShownContract) {
  const { version, cause, changes = [] } = versions.at(-1) ?? {};
  return {
    version,
    cause,
    changes: changes.map(
      ({ soLineId, action, category, wasAmount, amount }) =>
        `${soLineId}: ${action}, ${category}, ${wasAmount ?? 'none'} -> ${amount ?? 'none'}`,
    ),
  };
}

/** What every SO line of a contract is booked at, under the name of its obligation. */
export const bookedOf = ({ obligationItems }: ShownContract): Record<string, Record<string, string>> =>
  Object.fromEntries(
    obligationItems.map(({ name, soLines }) => [
      name,
      Object.fromEntries(soLines.map(({ soLineId, amount }) => [soLineId, amount])),
    ]),
  );
