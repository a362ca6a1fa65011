import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { GroupingTemplate } from '../../domain/grouping/grouping-template.ts';
import { refusalOf } from '../../domain/releases.ts';
import { placeSoLines } from '../collect/grouping/placing.ts';
import type { Db } from '../database.ts';
import { type ChosenLine, chosenLines } from '../holds/chosen-lines.ts';
import { recordDecision } from '../holds/record-decision.ts';
import { defaultSetup } from '../setups/default-setup.ts';
import type { Reasoned } from './mass-actions.ts';
import { recordVersion } from './record-version.ts';
import { whileNobodyCollects } from './while-nobody-collects.ts';

export interface CreatedContract {
  readonly id: string;
  readonly org: string;
  /** What the rules group the first line by, and the id of its SO line. */
  readonly key: string;
  readonly lines: readonly string[];
}

/**
 * Makes a contract by hand for SO lines that are stopped or wait, all of them or none: what the source demands for
 * converted evergreen subscriptions (known limitations, "Evergreen subscriptions"). The next collection puts the
 * lines into it; of an SO line that is in another contract, all moves.
 *
 * @throws RevsyncError `CONTRACT_NOT_CREATED`, `COLLECTION_IN_PROGRESS`; those of `chosenLines`
 */
export async function createContract(
  db: Db,
  { org, lines, reason, by }: Reasoned & { readonly org: string; readonly lines: readonly string[] },
): Promise<CreatedContract> {
  return whileNobodyCollects(db, { org, what: 'contract create' }, async (trx) => {
    const chosen = await chosenLines(trx, { org, lines: [...new Set(lines)] });
    chosen.forEach(requireFree);
    const { id, key } = await insertContract(trx, org, chosen);
    await recordDecision(trx, chosen, { org, as: 'new-contract', reason, by, request: randomUUID() });
    await sql`
      update staging.release as r set contract = ${id}
      from unnest(${chosen.map(({ entity }) => entity)}::text[], ${chosen.map((line) => line.id)}::text[]) as c (entity, id)
      where r.entity = c.entity and r.line = c.id`.execute(trx);
    await trx
      .insertInto('control.decision')
      .values({
        org,
        kind: 'contract-create',
        subject: id,
        before: null,
        after: JSON.stringify({ key, lines: chosen.map((line) => line.id) }),
        reason,
        decided_by: by,
      })
      .execute();
    await recordVersion(trx, {
      org,
      contract: id,
      cause: 'Made by hand',
      changes: [{ action: 'create' }],
      by,
    });
    return { id, org, key, lines: chosen.map((line) => line.id) };
  });
}

function requireFree({ id, held }: ChosenLine): void {
  const [why] = id.startsWith('SO:')
    ? held.flatMap((each) =>
        each.limitation === 'waits-for-open-period' ? [] : (refusalOf(each, 'new-contract') ?? []),
      )
    : ['contracts are made of SO lines, and billings follow them'];
  if (why !== undefined) throw notCreated(`${id} cannot go into it: ${why}`);
}

const notCreated = (why: string): RevsyncError =>
  new RevsyncError(`No contract was made: ${why}.`, {
    code: 'CONTRACT_NOT_CREATED',
    fate: 'fix-input',
    remedy: 'Nothing was changed. Choose other lines: `revsync hold list` says what each is held for.',
  });

/** The key is that of the contract that the first SO line is in, or would be in, with the SO line added. */
async function insertContract(
  trx: Db,
  org: string,
  chosen: readonly ChosenLine[],
): Promise<{ id: string; key: string }> {
  const template = await defaultSetup<GroupingTemplate>(trx, 'grouping', org);
  if (template === undefined) throw notCreated('no grouping template is the default');
  const speakers = sql`
    select l.so_line_id, l.entity, l.id, l.subscription_version as version, l.form, l.sequence_number
    from unnest(${chosen.map(({ entity }) => entity)}::text[], ${chosen.map(({ id }) => id)}::text[]) as c (entity, id)
    join staging.line as l on l.entity = c.entity and l.id = c.id`;
  await placeSoLines(trx, { org, template: template.body, speakers });
  const { rows } = await sql<{ id: string; key: string }>`
    with named as (
      select concat_ws('|', coalesce(r.key, p.base), p.so_line_id) as key
      from placed as p
      left join revenue.booking as b on b.org = ${org} and b.so_line_id = p.so_line_id
      left join revenue.contract as r on r.org = b.org and r.id = b.contract
      order by p.so_line_id collate "C" limit 1
    )
    insert into revenue.contract (org, id, key, origin)
    select ${org}, revenue.id_of('RC', ${org}, key), key, 'by-hand' from named
    on conflict (org, id) do nothing returning id, key`.execute(trx);
  const [made] = rows;
  if (made === undefined) throw notCreated('the first of these SO lines has one of its own already');
  return made;
}
