import { sql } from 'kysely';

import type { ContractChange } from '../../domain/contract-changes/contract-change.ts';
import { invariant } from '../../domain/errors.ts';
import type { Db } from '../database.ts';

/** What a person did to a contract; what a change does not name is null. */
interface Version {
  readonly org: string;
  readonly contract: string;
  /** One or two words: `Hold applied`. */
  readonly cause: string;
  readonly changes: readonly (Pick<ContractChange, 'action'> & Partial<ContractChange>)[];
  readonly by: string;
}

const NOTHING: Omit<ContractChange, 'action'> = {
  soLineId: null,
  line: null,
  was: null,
  amount: null,
  wasAmount: null,
  currency: null,
  orderAction: null,
  category: null,
  skipCtMod: null,
  fields: {},
};

/**
 * Makes a version of a contract for what a person did, in the transaction that does it, and answers its number; the
 * first one of a contract that was made by hand is 1. Collections write theirs themselves, many at a time.
 */
export async function recordVersion(
  trx: Db,
  { org, contract, cause, changes, by }: Version,
): Promise<number> {
  const entries = changes.map((change) => ({ ...NOTHING, ...change }));
  const { rows } = await sql<{ version: number }>`
    with numbered as (
      update revenue.contract as r set version = r.version + case when exists (
        select from revenue.contract_version as v where v.org = r.org and v.contract = r.id
      ) then 1 else 0 end
      where r.org = ${org} and r.id = ${contract}
      returning r.version
    )
    insert into revenue.contract_version (org, contract, version, cause, changes, made_by)
    select ${org}, ${contract}, version, ${cause}, ${JSON.stringify(entries)}::jsonb, ${by} from numbered
    returning version`.execute(trx);
  const [made] = rows;
  invariant(made !== undefined, `there is no contract ${contract} of ${org}`);
  return made.version;
}
