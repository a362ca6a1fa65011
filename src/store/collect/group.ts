import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { GroupingTemplate } from '../../domain/grouping/grouping-template.ts';
import { BLANK_KEY, blankKeyText } from '../../domain/grouping/stops.ts';
import type { Db } from '../database.ts';
import { type DefaultSetup, defaultSetup } from '../setups/default-setup.ts';
import { stopInClosedContracts } from './closed-contracts.ts';
import { makeContracts } from './grouping/make-contracts.ts';
import { placeSoLines } from './grouping/placing.ts';

/** The versions of a new SO line that this collection has. */
const speakers = (org: string) => sql`
  select c.so_line_id, c.entity, c.id, c.version, c.form, c.sequence_number
  from candidate as c
  where c.type = 'SO' and (c.outcome = 'collected' or (c.outcome = 'superseded' and not c.stale and c.so_line_id in (
      select so_line_id from candidate where type = 'SO' and outcome = 'collected'
    )))
    and not exists (select from revenue.booking as b where b.org = ${org} and b.so_line_id = c.so_line_id)`;

/**
 * Gives every collected SO line its contract, and makes the contracts that are new. A line of a known SO line follows
 * it, whatever the rules say (Zuora: RETAIN_SO); one that a person gave a contract of its own goes there; a new one goes
 * where the organisation's default grouping template says, by the first of its versions that has a key, so that it does
 * not matter whether its versions come together. A line without a key, or of a closed contract, is stopped.
 *
 * @throws RevsyncError `GROUPING_TEMPLATE_MISSING`
 */
export async function placeInContracts(trx: Db, org: string): Promise<void> {
  const template = await defaultSetup<GroupingTemplate>(trx, 'grouping', org);
  if (template === undefined) throw noTemplate(org);
  await placeSoLines(trx, { org, template: template.body, speakers: speakers(org) });
  await takeByHand(trx, org);
  await sql`
    update candidate as c set contract = coalesce(h.contract, b.contract, p.contract)
    from candidate as self
    left join by_hand as h on h.so_line_id = self.so_line_id
    left join revenue.booking as b on b.org = ${org} and b.so_line_id = self.so_line_id
    left join placed as p on p.so_line_id = self.so_line_id
    where self.type = 'SO' and self.outcome = 'collected' and c.entity = self.entity and c.id = self.id`.execute(
    trx,
  );
  await stopWithoutKey(trx, template);
  await stopInClosedContracts(trx, org);
  await makeContracts(trx, org, template, COLLECTED_INTO);
  await makeContractsByHand(trx, org);
  await moveCollected(trx, org);
}

function noTemplate(org: string): RevsyncError {
  return new RevsyncError(`No grouping template is the default for ${org}.`, {
    code: 'GROUPING_TEMPLATE_MISSING',
    fate: 'fix-input',
    remedy: 'Make one the default with `revsync grouping default NAME`, then send `retry`.',
    context: { org },
  });
}

/**
 * `by_hand`: the lines released as new-contract. They go into the contract that was made for them, else each into one of
 * its own; its key is that of the contract it is in, or by the rules would be in, with the SO line id.
 */
async function takeByHand(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table by_hand on commit drop as
    select c.so_line_id, r.contract, concat_ws('|', coalesce(was.key, p.base), c.so_line_id) as key
    from candidate as c
    join staging.release as r on r.entity = c.entity and r.line = c.id
    left join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id
    left join revenue.contract as was on was.org = ${org} and was.id = b.contract
    left join placed as p on p.so_line_id = c.so_line_id
    where c.type = 'SO' and c.outcome = 'collected' and c.released_as = 'new-contract'`.execute(trx);
  await sql`
    update by_hand set contract = revenue.id_of('RC', ${org}, key) where contract is null`.execute(trx);
}

async function stopWithoutKey(trx: Db, template: DefaultSetup<GroupingTemplate>): Promise<void> {
  const { message, remedy } = blankKeyText(template, template.body);
  await sql`
    with stopped as (
      update candidate set outcome = ${BLANK_KEY}
      where type = 'SO' and outcome = 'collected' and contract is null
      returning entity, id
    )
    insert into stop (entity, id, limitation, message, remedy)
    select entity, id, ${BLANK_KEY}, ${message}, ${remedy} from stopped`.execute(trx);
}

/** Ids of the contracts that SO lines are collected into. */
const COLLECTED_INTO = sql`select contract from candidate where type = 'SO' and outcome = 'collected'`;

async function makeContractsByHand(trx: Db, org: string): Promise<void> {
  await sql`
    insert into revenue.contract (org, id, key, origin)
    select ${org}, h.contract, h.key, 'by-hand' from by_hand as h where h.contract in (${COLLECTED_INTO})
    on conflict (org, id) do nothing`.execute(trx);
}

/** All that was collected of an SO line is where its booking is. */
async function moveCollected(trx: Db, org: string): Promise<void> {
  await sql`
    update revenue.line as l set contract = h.contract
    from by_hand as h
    join candidate as c on c.so_line_id = h.so_line_id and c.type = 'SO' and c.outcome = 'collected'
    where l.org = ${org} and l.so_line_id = h.so_line_id and l.contract <> h.contract`.execute(trx);
}
