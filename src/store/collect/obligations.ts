import { type RawBuilder, sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import { setupKind } from '../../domain/setups/kinds.ts';
import { bodyOf } from '../../domain/setups/setup-file.ts';
import type { ObligationSetup } from '../../domain/obligations/obligation-setup-form.ts';
import type { Db } from '../database.ts';
import { defaultSetup } from '../setups/default-setup.ts';
import { findSetup } from '../setups/setup-versions.ts';
import { formedBy } from './charge-kind.ts';
import { chosenTemplate, templateValues } from './obligation-templates.ts';

/**
 * Gives the charges of collected SO lines their obligations. All segments of a charge in a contract share one, with the
 * percentage discounts on it; a charge that renews in a new contract has another there. The default set-up says which
 * template a new obligation has, and that stays whatever becomes of the default: only an earlier line of the charge
 * that comes late is looked at again, under the same set-up, so that the order of arrival does not matter.
 *
 * Makes `promise`: the obligations of this collection's SO lines, `was_template` among what they were.
 *
 * @throws RevsyncError `OBLIGATION_SETUP_MISSING`
 */
export async function assignObligations(trx: Db, org: string): Promise<void> {
  await takePromises(trx, org);
  for (const setup of await setupsOf(trx, org)) await assign(trx, org, setup);
}

/** The line that stands for a promise: the first version of the first segment of the charge itself. */
const FIRST = sql`cardinality(revenue.segments_of(so_line_id)), revenue.segments_of(so_line_id), version, form, line`;

async function takePromises(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table promise on commit drop as
    with placed as (
      select distinct on (so_line_id) so_line_id, contract, revenue.charge_of(so_line_id) as charge, alone
      from (
        select so_line_id, contract, released_as is not distinct from 'new-contract' as alone, 1 as place
        from candidate where type = 'SO' and outcome = 'collected'
        union all
        select b.so_line_id, b.contract, false, 2 from revenue.booking as b
        where b.org = ${org} and b.so_line_id in (
          select so_line_id from candidate where type = 'SO' and outcome = 'superseded'
        )
      ) as found
      order by so_line_id, place
    ), offered as (
      select p.contract, p.charge, c.entity, c.id as line, c.so_line_id, c.version, c.form
      from placed as p
      join candidate as c on c.so_line_id = p.so_line_id and c.type = 'SO'
        and (c.outcome = 'collected' or (c.outcome = 'superseded' and not p.alone))
      union all
      select o.contract, o.charge, o.entity, o.line, l.so_line_id, coalesce(l.subscription_version, 0), l.form
      from revenue.obligation as o
      join staging.line as l on l.entity = o.entity and l.id = o.line
      where o.org = ${org} and (o.contract, o.charge) in (select contract, charge from placed)
    ), first as (
      select distinct on (contract, charge) contract, charge, entity, line
      from offered order by contract, charge, ${FIRST}
    )
    select revenue.id_of('POB', ${org}, f.contract || '|' || f.charge) as id, f.*,
      o.setup, o.setup_version, o.template as was_template
    from first as f
    left join revenue.obligation as o on o.org = ${org} and o.contract = f.contract and o.charge = f.charge
    where o.id is null or (o.entity, o.line) <> (f.entity, f.line)`.execute(trx);
  await sql`analyze promise`.execute(trx);
}

interface Setup {
  readonly name: string;
  readonly version: number;
  readonly body: ObligationSetup;
}

/** The set-ups that promises go by: mostly one, the default, and none where no obligation is new. */
async function setupsOf(trx: Db, org: string): Promise<Setup[]> {
  const { rows } = await sql<{ name: string | null; version: number | null }>`
    select distinct setup as name, setup_version as version from promise`.execute(trx);
  const setups: Setup[] = [];
  for (const { name, version } of rows) {
    setups.push(
      name === null || version === null ? await theDefault(trx, org) : await kept(trx, name, version),
    );
  }
  return setups;
}

async function theDefault(trx: Db, org: string): Promise<Setup> {
  const found = await defaultSetup<ObligationSetup>(trx, 'obligations', org);
  if (found === undefined) {
    throw new RevsyncError(`No obligation set-up is the default of ${org}.`, {
      code: 'OBLIGATION_SETUP_MISSING',
      fate: 'fix-input',
      remedy: 'Make one the default with `revsync obligation default NAME`, then send `retry`.',
      context: { org },
    });
  }
  await sql`
    update promise set setup = ${found.name}, setup_version = ${found.version} where setup is null`.execute(
    trx,
  );
  return found;
}

async function kept(trx: Db, name: string, version: number): Promise<Setup> {
  const { body } = await findSetup(trx, { kind: 'obligations', name, version });
  const definition = setupKind('obligations');
  return { name, version, body: (definition ? bodyOf(definition, body) : body) as ObligationSetup };
}

async function assign(trx: Db, org: string, { name, version, body }: Setup): Promise<void> {
  const formed = { line: 'l', template: 't' };
  await sql`
    insert into revenue.obligation as o (org, id, contract, charge, name, template, assigned_by, setup, setup_version,
      ratable_method, release_event, processing, accounting, retain, entity, line)
    select ${org}, p.id, p.contract, p.charge, coalesce(l.rate_plan_charge_name, l.so_number, p.charge),
      v.template, v.assigned_by, p.setup, p.setup_version, v.ratable_method, v.release_event, v.processing,
      v.accounting, v.retain, p.entity, p.line
    from promise as p
    join staging.line as l on l.entity = p.entity and l.id = p.line
    ${formedBy('l', 't')}
    join (values ${templateValues(body)}) as v (choice, template, assigned_by, ratable_method, release_event, processing,
      accounting, retain) on v.choice = ${chosenTemplate(body, formed)}
    where p.setup = ${name} and p.setup_version = ${version}
    on conflict (org, id) do update set ${copied(['name', 'template', 'assigned_by', 'ratable_method'])},
      ${copied(['release_event', 'processing', 'accounting', 'retain', 'entity', 'line'])}`.execute(trx);
}

const copied = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
