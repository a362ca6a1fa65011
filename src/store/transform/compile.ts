import { type RawBuilder, sql } from 'kysely';

import { findStagingField, GUARDED_LABELS, STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { Derivation, Exclusion } from './derivation.ts';
import { filterCondition } from './filter.ts';
import { isNeeded, type Join, joinClauses, type JoinTree, joinTree } from './join-tree.ts';
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
  /** Newest run that changed any row joined to the driver. */
  readonly parentsChanged: RawBuilder<string | null>;
  readonly excluded: RawBuilder<string | null>;
  readonly gates: Derivation['gates'];
  /** The joins whose rows a line needs undeleted. */
  readonly needed: readonly Join[];
  readonly twinsBy: Derivation['twinsBy'];
  /** `source_id` and the `id` that its line gets but for `#n`, of the drivers in `rows` that are not excluded. */
  lineIds(parameters: Pick<InsertParameters, 'entity' | 'rows'>): RawBuilder<unknown>;
  /** `insert into staging.line ... select`, with `rows` limiting the drivers by id. */
  insert(parameters: InsertParameters): RawBuilder<unknown>;
}

export interface InsertParameters {
  readonly entity: string;
  readonly org: string;
  readonly run: string;
  readonly templateVersion: number;
  /** A table of driver ids, column `id`. */
  readonly rows: RawBuilder<unknown>;
}

const guarded = (alias: string): RawBuilder<unknown> =>
  sql.join(GUARDED_LABELS.map((label) => sql.id(alias, findStagingField(label)?.column ?? label)));

/** Names of the guarded fields that differ, as `SO Book Date, Duration`. */
const DIFFERENCES = sql`concat_ws(', ', ${sql.join(
  GUARDED_LABELS.map((label) => {
    const name = findStagingField(label)?.column ?? label;
    return sql`case when ${sql.id('f', name)} is distinct from ${sql.id('c', name)} then ${sql.lit(label)} end`;
  }),
)})`;

/** Compiles a template: one INSERT ... SELECT that forms every line of the chosen drivers. */
export function compileTemplate(template: TransactionTemplate, derivation: Derivation): CompiledTemplate {
  const tree = joinTree(derivation.routes, new Set([...pathsOf(template), ...derivation.paths]));
  const driver = sql.id(tree.driver.name);
  const mapped = templateFields(template, tree);
  const derived = derivation.fields(mapped);
  const joins = derivation.joins(mapped);
  const fields = [
    ...STAGING_FIELDS.map(({ column }) => [column, derived[column] ?? mapped(column)] as const),
    ...Object.entries(derivation.facts),
  ].map(([name, value]) => sql`${value} as ${sql.ref(name)}`);
  const versioned = [
    ...tree.joins.map(({ alias }) => alias),
    ...joins.filter(({ kind }) => kind === 'rows').map(({ alias }) => alias),
  ];
  // One condition each: the planner reckons with a flag, not with a CASE over all of them.
  const exclusions = [...derivation.exclusions, ...filteredOut(template, tree)];
  const kept = exclusions.map(([, applies]) => sql`and (${applies}) is not true`);
  const base = sql`from ${prestagingTable(tree.driver)} as ${driver}
    join control.entity as "Entity" on "Entity".entity = ${sql.id(tree.driver.name, 'entity')}
    ${joinClauses(tree)}`;
  const from = sql`${base}
    ${sql.join(
      joins.map(({ clause }) => clause),
      sql`\n`,
    )}`;

  const sources = [tree.driver.name, ...tree.joins.map(({ alias }) => alias)].filter((alias) =>
    hasUpdatedDate(tree, alias),
  );
  const formed = ({ entity, rows }: Pick<InsertParameters, 'entity' | 'rows'>): RawBuilder<unknown> => sql`
    select ${sql.id(tree.driver.name, 'id')} as source_id, ${derivation.part} as part,
      ${derivation.lineType} as line_type, "Entity".price_source,
      array[${sql.join(sources.map((alias) => sql.id(alias, 'updated_date')))}] as sources,
      array_remove(array[${sql.join([...tree.joins.flatMap(orphan), ...derivation.orphans])}], null) as orphans,
      ${sql.join(fields)}
    ${from}
    where ${sql.id(tree.driver.name, 'entity')} = ${entity}
      and ${sql.id(tree.driver.name, 'id')} in (select id from ${rows})
      ${sql.join(kept, sql` `)}`;

  return {
    template,
    driver: tree.driver,
    base,
    from,
    excluded: sql<string | null>`case ${sql.join(
      exclusions.map(([reason, applies]) => sql`when ${applies} then ${sql.lit(reason)}`),
      sql` `,
    )} end`,
    gates: derivation.gates,
    needed: tree.joins.filter(isNeeded),
    twinsBy: derivation.twinsBy,
    lineIds: (parameters) =>
      sql`select f.source_id, ${derivation.lineId} as id from (${formed(parameters)}) as f`,
    parentsChanged: sql`greatest(${sql.join(versioned.map((alias) => sql.id(alias, 'changed_run')))})`,
    insert: ({ entity, org, run, templateVersion, rows }) => {
      const columns = STAGING_FIELDS.map(({ column }) => sql.ref(column));
      return sql`
        insert into staging.line (entity, org, id, type, form, source_object, source_id, template,
          template_version, run, sources, withheld, ${sql.join(columns)})
        select ${entity}, ${org},
          coalesce(c.id || '#2', ${derivation.lineId}), coalesce(c.type, f.line_type), case when c.id is null then 1 else 2 end,
          ${tree.driver.name}, f.source_id, ${template.name}, ${templateVersion}::integer, ${run}::bigint, f.sources,
          nullif(${withheld(derivation)}, '{}'),
          ${sql.join(STAGING_FIELDS.map(({ column }) => sql.id('f', column)))}
        from (${formed({ entity, rows })}) as f
        left join (revenue.line as r join staging.line as c on c.entity = r.entity and c.id = r.line)
          on r.entity = ${entity} and ${derivation.collected ?? sql`r.line = ${derivation.lineId}`}
        where c.id is null or row(${guarded('f')}) is distinct from row(${guarded('c')})
        on conflict (entity, id) do nothing`;
    },
  };
}

/** What the template's own filter leaves out. */
function filteredOut(template: TransactionTemplate, tree: JoinTree): Exclusion[] {
  const filter = filterOf(template);
  if (filter === null) return [];
  return [['filter', sql`not ${filterCondition(filter, (path) => sourceAt(path, tree))}`]];
}

function withheld(derivation: Derivation): RawBuilder<unknown> {
  return sql`case
    when c.id is not null then array['same-version-recollection:' || ${DIFFERENCES}]
    when cardinality(f.orphans) > 0 then f.orphans
    else array_remove(array[${sql.join(derivation.missing)}], null)
  end`;
}

function hasUpdatedDate(tree: JoinTree, alias: string): boolean {
  const object =
    alias === tree.driver.name ? tree.driver : tree.joins.find((join) => join.alias === alias)?.object;
  return object !== undefined && 'UpdatedDate' in object.fields;
}
