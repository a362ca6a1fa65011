import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS, type StagingField } from '../../domain/mapping/staging-fields.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import { type Way, waysTo } from '../../domain/mapping/ways-to.ts';
import { heldWith } from '../limitations/charge-stops.ts';
import { allStops, besideDiscounted, besideStates } from '../limitations/stopped-states.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { converted, isConverted, MISSING_RATES, rateFacts } from './conversion.ts';
import type { BehindChange, Derivation, Exclusion, Mapped } from './derivation.ts';
import { filterCondition } from './filter.ts';
import { isNeeded, type Join, joinClauses, type JoinTree, joinTree } from './join-tree.ts';
import { formsAgain, LATER_ID, withheldAgain } from './later-forms.ts';
import type { LineTables } from './line-tables.ts';
import { inLines, listed } from './listed.ts';
import { orphan } from './orphan.ts';
import { filterOf, pathsOf, sourceAt, templateFields } from './template-fields.ts';

/** The parts of a template's SQL. `entity`, `org`, `run` and the template's version are parameters. */
export interface CompiledTemplate {
  readonly template: TransactionTemplate;
  readonly driver: JoinTree['driver'];
  /** `from <driver> join ... left join ...`, every alias a path of the template: a row per driver. */
  readonly base: RawBuilder<unknown>;
  /** With the joins of the derivation, which may make several lines of one driver. */
  readonly from: RawBuilder<unknown>;
  /** `base` and `from` over the drivers in `rows`, a table with each of their ids once, as `id`. */
  baseOver(rows: RawBuilder<unknown>): RawBuilder<unknown>;
  fromOver(rows: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Newest run that changed any row joined to the driver. */
  readonly parentsChanged: RawBuilder<string | null>;
  /** Whether uncollected lines of the driver would come out otherwise though no row changed. */
  outdated(tables: Pick<LineTables, 'line'>): RawBuilder<boolean>;
  readonly excluded: RawBuilder<string | null>;
  /** Where a change may end an exclusion. */
  readonly gates: readonly Way[];
  /** The joins whose rows a line needs undeleted. */
  readonly needed: readonly Join[];
  /** All joins of the template, each after those its key comes from, and the drivers behind rows that it joins besides. */
  readonly joins: readonly Join[];
  readonly behind: readonly BehindChange[];
  /** The fields of a line but for the attributes that the template does not map. */
  readonly fields: readonly StagingField[];
  readonly twinsBy: Derivation['twinsBy'];
  /** The finished fields of the drivers in `rows` that are not excluded, a row per line: what stands as `f`. */
  formed(parameters: Pick<InsertParameters, 'entity' | 'rows'>): RawBuilder<unknown>;
  /**
   * Joins to `f` the collected line that it forms again, as it stands: `r` in `revenue.line`, `c` in `staging.line`, and
   * what `later_form` has of it, `n`.
   */
  besideCollected(entity: string): RawBuilder<unknown>;
  /** `source_id` and the `id` that its line gets but for `#n`, of the drivers in `rows` that are not excluded. */
  lineIds(parameters: Pick<InsertParameters, 'entity' | 'rows'>): RawBuilder<unknown>;
  /** `insert into staging.line ... select`, with `rows` limiting the drivers by id. Reads `later_form`, and of bookings what `takeStoppedStates` leaves. */
  insert(parameters: InsertParameters): RawBuilder<unknown>;
}

export interface InsertParameters {
  readonly entity: string;
  readonly org: string;
  readonly run: string;
  readonly templateVersion: number;
  /** A table of driver ids, each once, column `id`. */
  readonly rows: RawBuilder<unknown>;
  /** A table of what `formed` gives for `rows`, where that is here already. */
  readonly formed?: RawBuilder<unknown>;
  /** `staging.line`, or a table that looks like it. */
  readonly into?: RawBuilder<unknown>;
}

/** Compiles a template: one INSERT ... SELECT that forms every line of the chosen drivers. */
export function compileTemplate(template: TransactionTemplate, derivation: Derivation): CompiledTemplate {
  const tree = joinTree(derivation.routes, new Set([...pathsOf(template), ...derivation.paths]));
  const driver = sql.id(tree.driver.name);
  const mapped = templateFields(template, tree);
  const derived = derivation.fields(mapped);
  const joins = derivation.joins(mapped);
  const filled = filledFields(template);
  const fields = [
    ...filled
      .filter((field) => !isConverted(field))
      .map(({ column }) => [column, derived[column] ?? mapped(column)] as const),
    ...Object.entries(derivation.facts),
    ...Object.entries(rateFacts(derivation.rates(mapped), mapped)),
  ].map(([name, value]) => sql`${value} as ${sql.ref(name)}`);
  const versioned = [
    ...tree.joins.map(({ alias }) => alias),
    ...joins.filter(({ kind }) => kind === 'rows').map(({ alias }) => alias),
  ];
  // One condition each: the planner reckons with a flag, not with a CASE over all of them.
  const exclusions = [...derivation.exclusions, ...filteredOut(template, tree)];
  const kept = exclusions.map(([, applies]) => sql`  and (${applies}) is not true`);
  const drivers = sql`${prestagingTable(tree.driver)} as ${driver}`;
  const beside = sql`join control.entity as "Entity" on "Entity".entity = ${sql.id(tree.driver.name, 'entity')}
    ${joinClauses(tree)}`;
  const derivedJoins = inLines(joins.map(({ clause }) => clause));
  // First, not as a condition: PostgreSQL orders few of so many joins itself, and would join everything before it chose.
  const baseOver = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`from ${rows} as chosen
    join ${drivers} on ${sql.id(tree.driver.name, 'id')} = chosen.id
    ${beside}`;
  const fromOver = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`${baseOver(rows)}
    ${derivedJoins}`;

  const sources = [tree.driver.name, ...versioned];
  // `offset 0` keeps the lines a table of its own: without it every use of a field would work it out again.
  const unconverted = ({
    entity,
    rows,
  }: Pick<InsertParameters, 'entity' | 'rows'>): RawBuilder<unknown> => sql`
    select
      ${sql.id(tree.driver.name, 'id')} as source_id,
      ${derivation.part} as part,
      ${derivation.lineType} as line_type,
      "Entity".price_source,
      array[
        ${listed(sources.map((alias) => sql.id(alias, 'updated_date')))}
      ] as sources,
      array_remove(array[
        ${listed([...tree.joins.flatMap(orphan), ...derivation.orphans])}
      ], null) as orphans,
      ${listed(fields)}
    ${fromOver(rows)}
    where ${sql.id(tree.driver.name, 'entity')} = ${entity}
      ${inLines(kept)}
    offset 0`;
  const formed: CompiledTemplate['formed'] = (parameters) =>
    converted(unconverted(parameters), derivation.rates(mapped));

  const besideCollected = (entity: string): RawBuilder<unknown> => sql`
        left join later_form as n
          on ${derivation.collected === null ? sql`n.base = ${derivation.lineId}` : sql`n.source_id = f.source_id and n.booking = (f.part is not null)`}
        left join (revenue.line as r join staging.line as c on c.entity = r.entity and c.id = r.line)
          on r.entity = ${entity} and ${derivation.collected ?? sql`r.line = coalesce(n.standing, ${derivation.lineId})`}`;

  return {
    template,
    driver: tree.driver,
    base: sql`from ${drivers}
    ${beside}`,
    from: sql`from ${drivers}
    ${beside}
    ${derivedJoins}`,
    baseOver,
    fromOver,
    excluded: sql<string | null>`case ${sql.join(
      exclusions.map(([reason, applies]) => sql`when ${applies} then ${sql.lit(reason)}`),
      sql` `,
    )} end`,
    gates: derivation.gates.flatMap((path) => waysTo(derivation.routes, path)),
    needed: tree.joins.filter(isNeeded),
    joins: tree.joins,
    behind: derivation.behind,
    fields: filled,
    twinsBy: derivation.twinsBy,
    formed,
    besideCollected,
    lineIds: (parameters) =>
      sql`select f.source_id, ${derivation.lineId} as id from (${unconverted(parameters)}) as f`,
    outdated: (tables) => derivation.outdated?.(tables) ?? sql<boolean>`false`,
    parentsChanged: sql`greatest(${sql.join(versioned.map((alias) => sql.id(alias, 'changed_run')))})`,
    insert: ({
      entity,
      org,
      run,
      templateVersion,
      rows,
      formed: already,
      into = sql.table('staging.line'),
    }) => {
      const columns = filled.map(({ column }) => sql.ref(column));
      return sql`insert into ${into} (
          entity, org, id, type, form, source_object, source_id, template, template_version, run, sources, withheld,
          ${listed(columns)}
        )
        select
          ${entity},
          ${org},
          case when c.id is null then ${derivation.lineId} else ${LATER_ID} end,
          coalesce(c.type, f.line_type),
          case when c.id is null then 1 else coalesce(n.next, 2) end,
          ${tree.driver.name},
          f.source_id,
          ${template.name},
          ${templateVersion}::integer,
          ${run}::bigint,
          f.sources,
          nullif(${withheld(derivation, mapped)}, '{}'),
          ${listed(filled.map(({ column }) => sql.id('f', column)))}
        from (${already === undefined ? formed({ entity, rows }) : sql`table ${already}`}) as f
        ${besideCollected(entity)}${
          derivation.stops === true
            ? sql`
        ${besideStates(sql`f.charge_state`)}
        ${besideDiscounted(sql`f.part`)}`
            : sql``
        }
        where c.id is null or ${formsAgain(entity, filled)}
        on conflict (entity, id) do nothing`;
    },
  };
}

/** The fields of a line but for the attributes that the template does not map, most of the sixty. */
function filledFields(template: TransactionTemplate): readonly StagingField[] {
  const named = new Set([...template.rows, ...template.constants].map(({ to }) => to));
  return STAGING_FIELDS.filter(({ label }) => !/^ATR\d/.test(label) || named.has(label));
}

/** What the template's own filter leaves out. */
function filteredOut(template: TransactionTemplate, tree: JoinTree): Exclusion[] {
  const filter = filterOf(template);
  if (filter === null) return [];
  return [['filter', sql`not ${filterCondition(filter, (path) => sourceAt(path, tree))}`]];
}

const STOPPABLE = {
  byCharge: sql<string[]>`f.stops`,
  soLineId: sql`f.so_line_id`,
  version: sql`f.at_version`,
};

function withheld(derivation: Derivation, mapped: Mapped): RawBuilder<unknown> {
  const lacking = sql`array_remove(array[
      ${listed([...derivation.missing(mapped), ...MISSING_RATES])}
    ], null)`;
  return sql`case
    when c.id is not null then ${withheldAgain}
    when cardinality(f.orphans) > 0 then f.orphans
    else ${derivation.stops === true ? heldWith(allStops(STOPPABLE), lacking) : lacking}
  end`;
}
