import { RevsyncError } from '../../domain/errors.ts';
import { type Contract, readContracts } from '../contracts.ts';
import type { Db } from '../database.ts';
import { type ContractLine, lineItemsOf } from './line-items.ts';
import { type ContractObligation, obligationItemsOf } from './obligation-items.ts';
import { type ContractOrigin, originOf } from './origin.ts';
import { type ContractVersion, versionsOf } from './versions.ts';

export interface ShownContract extends Contract, ContractOrigin {
  readonly lineItems: readonly ContractLine[];
  readonly obligationItems: readonly ContractObligation[];
  readonly versions: readonly ContractVersion[];
}

/**
 * One contract with its lines, obligations and versions.
 *
 * @throws RevsyncError `CONTRACT_UNKNOWN`; `CONTRACT_AMBIGUOUS` when several organisations have that id
 */
export async function showContract(
  db: Db,
  { id, org }: { id: string; org?: string | undefined },
): Promise<ShownContract> {
  const [contract, ...others] = await readContracts(db, { id, org });
  if (contract === undefined) throw unknown(id, org);
  if (others.length > 0) throw ambiguous(id, [contract, ...others]);
  const key = { org: contract.org, id };
  return {
    ...contract,
    ...(await originOf(db, key)),
    lineItems: await lineItemsOf(db, key),
    obligationItems: await obligationItemsOf(db, key),
    versions: await versionsOf(db, key),
  };
}

function unknown(id: string, org: string | undefined): RevsyncError {
  const where = org === undefined ? '' : ` in organisation "${org}"`;
  return new RevsyncError(`There is no contract "${id}"${where}.`, {
    code: 'CONTRACT_UNKNOWN',
    fate: 'fix-input',
    remedy:
      'See `revsync contract list`; ids are spelled RC- and twelve hex digits. Contracts of other organisations than yours are not shown.',
  });
}

function ambiguous(id: string, contracts: readonly Contract[]): RevsyncError {
  const orgs = contracts.map(({ org }) => org).join(', ');
  return new RevsyncError(`Several organisations have a contract "${id}": ${orgs}.`, {
    code: 'CONTRACT_AMBIGUOUS',
    fate: 'fix-input',
    remedy: 'Say which one with --org.',
  });
}
