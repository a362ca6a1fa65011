import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { GroupingTemplate } from '../../domain/grouping/grouping-template.ts';
import { changeEntry } from '../collect/change-entry.ts';
import { openChanges } from '../collect/contract-versions.ts';
import { makeContracts } from '../collect/grouping/make-contracts.ts';
import { placeSoLines } from '../collect/grouping/placing.ts';
import type { Db } from '../database.ts';
import { defaultSetup } from '../setups/default-setup.ts';
import { type Choice, chosenContracts } from './chosen-contracts.ts';
import { type ContractAction, decide, type Reasoned, versionsAfter } from './mass-actions.ts';
import { moveObligations } from './move-obligations.ts';
import { whileNobodyCollects } from './while-nobody-collects.ts';

/**
 * Groups the SO lines of contracts anew, as they stand, by the default grouping template of today. Whatever was collected
 * of a line moves with it; a line that the template gives no key stays where it is, and so does a contract that has
 * nothing left. Contracts that were made by hand, are closed or on hold are not taken apart.
 *
 * @throws RevsyncError `MASS_ACTION_REFUSED`, `CONTRACT_UNKNOWN`, `CONTRACT_NOT_REGROUPED`, `COLLECTION_IN_PROGRESS`
 */
export async function regroupContracts(
  db: Db,
  { reason, by, ...choice }: Choice & Reasoned,
): Promise<ContractAction> {
  const { org } = choice;
  return whileNobodyCollects(db, { org, what: 'contract regroup' }, async (trx) => {
    const ids = await chosenContracts(trx, choice, 'regroup');
    await refuseSettled(trx, org, ids);
    const template = await defaultSetup<GroupingTemplate>(trx, 'grouping', org);
    if (template === undefined)
      throw notRegrouped('no grouping template is the default', 'Make one the default.');
    const speakers = sql`
      select so_line_id, entity, line as id, version, 1 as form, '' as sequence_number from revenue.booking
      where org = ${org} and contract = any(${ids}::text[])`;
    await placeSoLines(trx, { org, template: template.body, speakers, leaving: ids });
    await sql`
      create temporary table moved on commit drop as
      select b.so_line_id, b.contract as was, p.contract, b.line, b.amount + b.lifted as amount, b.currency
      from placed as p join revenue.booking as b on b.org = ${org} and b.so_line_id = p.so_line_id
      where p.contract <> b.contract`.execute(trx);
    await refuseClosedTargets(trx, org);
    await makeContracts(trx, org, template, sql`select contract from moved`);
    await moveLines(trx, org);
    await enterMoves(trx, by);
    await noteMoves(trx, `${template.name}@${template.version}`);
    await decide(trx, { org, kind: 'contract-regroup', reason, by });
    return versionsAfter(trx, { org, action: 'regroup', ids });
  });
}

const notRegrouped = (why: string, remedy: string): RevsyncError =>
  new RevsyncError(`Nothing was grouped anew: ${why}.`, {
    code: 'CONTRACT_NOT_REGROUPED',
    fate: 'fix-input',
    remedy,
  });

async function refuseSettled(trx: Db, org: string, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string; why: string }>`
    select r.id, case when r.origin = 'by-hand' then 'was made by hand' when r.status = 'closed' then 'is closed'
        else 'is on hold' end as why
    from revenue.contract as r
    where r.org = ${org} and r.id = any(${ids}::text[]) and (r.origin = 'by-hand' or r.status = 'closed' or exists (
      select from revenue.contract_hold as h where h.org = r.org and h.contract = r.id
    ))
    order by r.id limit 1`.execute(trx);
  const [first] = rows;
  if (first === undefined) return;
  throw notRegrouped(
    `contract ${first.id} ${first.why}`,
    'Leave it out; or open it, or release its hold, first (`revsync contract open`, `release`).',
  );
}

async function refuseClosedTargets(trx: Db, org: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select r.id from revenue.contract as r
    where r.org = ${org} and r.status = 'closed' and r.id in (select contract from moved) order by r.id limit 1`.execute(
    trx,
  );
  const [first] = rows;
  if (first === undefined) return;
  throw notRegrouped(
    `lines would go into contract ${first.id}, which is closed`,
    `Open it first: \`revsync contract open ${first.id}\`.`,
  );
}

async function moveLines(trx: Db, org: string): Promise<void> {
  for (const table of ['revenue.booking', 'revenue.line', 'revenue.system_credit']) {
    await sql`
      update ${sql.table(table)} as t set contract = m.contract from moved as m
      where t.org = ${org} and t.so_line_id = m.so_line_id`.execute(trx);
  }
  const { rows } = await sql<{ id: string }>`select so_line_id as id from moved`.execute(trx);
  await moveObligations(trx, { org, soLineIds: rows.map(({ id }) => id) });
}

/** Each move leaves a version in the contract that the line was in, and one in that which it is in now. */
async function enterMoves(trx: Db, by: string): Promise<void> {
  await openChanges(trx);
  const shared = { soLineId: sql`so_line_id`, currency: sql`currency` };
  const out = changeEntry({ ...shared, action: sql`'moved-out'`, was: sql`line`, wasAmount: sql`amount` });
  const inward = changeEntry({ ...shared, action: sql`'moved-in'`, line: sql`line`, amount: sql`amount` });
  await sql`
    insert into contract_change (contract, so_line_id, part, place, cause, made_by, entry)
    select was, so_line_id, 1, 0, 'Grouped anew', ${by}, ${out} from moved
    union all
    select contract, so_line_id, 1, 0, 'Grouped anew', ${by}, ${inward} from moved`.execute(trx);
}

/** `changed`: for the decisions. */
async function noteMoves(trx: Db, template: string): Promise<void> {
  await sql`
    create temporary table changed on commit drop as
    select was as contract, null::jsonb as before, jsonb_build_object('template', ${template}::text,
      'moved', jsonb_object_agg(so_line_id, contract)) as after
    from moved group by was`.execute(trx);
}
