import { sql } from 'kysely';

import type { GroupingTemplate } from '../../../domain/grouping/grouping-template.ts';
import type { Db } from '../../database.ts';
import { referenceText } from './keys.ts';

interface References {
  readonly org: string;
  readonly secondary: NonNullable<GroupingTemplate['secondary']>;
  readonly leaving: readonly string[];
}

/**
 * Leads SO lines whose own contract is not there yet to the contract that has their reference (Associated Contract
 * Reference). Among the lines of one collection the first by booking date and SO line id makes the contract that the
 * others join. Where several match, a line's own contract among them, `onSeveral` says which: its own, or the earliest.
 */
export async function joinReferences(trx: Db, { org, secondary, leaving }: References): Promise<void> {
  await sql`
    create temporary table referred on commit drop as
    with there as (
      select ${referenceText(secondary.label, 'l')} as reference, b.contract, min(l.so_book_date) as booked
      from revenue.booking as b join staging.line as l on l.entity = b.entity and l.id = b.line
      where b.org = ${org} and b.contract <> all(${leaving}::text[])
        and ${referenceText(secondary.label, 'l')} in (select reference from placed)
      group by 1, b.contract
    )
    select distinct on (reference) reference, contract, count(*) over (partition by reference) as several
    from there order by reference, booked, contract`.execute(trx);
  await sql`
    insert into referred (reference, contract, several)
    select distinct on (reference) reference, own, 0 from placed
    where reference is not null and own is not null and reference not in (select reference from referred)
    order by reference, booked, so_line_id`.execute(trx);
  const prefersOwn = secondary.onSeveral === 'own';
  await sql`
    update placed as p set contract = f.contract
    from referred as f
    where f.reference = p.reference and p.own is not null and not (${prefersOwn}::boolean and (f.several > 1 or exists (
      select from revenue.contract as r where r.org = ${org} and r.id = p.own and r.id <> all(${leaving}::text[])
    )))`.execute(trx);
}
