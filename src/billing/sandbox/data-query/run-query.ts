import { type Row } from '../tenant.ts';
import { likePattern } from './compile-expression.ts';
import { planOrder } from './plan-order.ts';
import { type Planning, planSelect, tableOf } from './plan-select.ts';
import { type OpenResult, type QueryResult } from './query-result.ts';
import { type Emit, type OutputColumn, type SelectPlan } from './select-plan.ts';
import { SqlError } from './sql-error.ts';
import { type Query, type Statement, type Value } from './sql-tree.ts';
import { type Table } from './tables.ts';

/** Where a query reads from and writes to. */
export interface QueryContext {
  readonly tables: ReadonlyMap<string, Table>;
  /** Only deleted rows, instead of only those that are not. */
  readonly readDeleted: boolean;
  /** Visits all rows of an object, deleted ones too; `goOn` false ends it early. */
  readonly scan: (object: string, visit: (row: Row) => void, goOn: () => boolean) => Promise<void>;
  readonly open: OpenResult;
}

export interface QueryOutcome {
  readonly rows: number;
  /** The objects that the result comes from. */
  readonly objects: readonly string[];
}

/** Runs a statement to its end; throws `SqlError` for what is wrong with it. */
export async function runQuery(statement: Statement, context: QueryContext): Promise<QueryOutcome> {
  switch (statement.kind) {
    case 'show-tables': {
      const like = statement.like === null ? null : likePattern(statement.like);
      const names = [...context.tables.keys()].filter((name) => like?.test(name) ?? true).toSorted();
      return listed(
        ['Table'],
        names.map((name) => [name]),
        context,
      );
    }
    case 'show-columns': {
      const { columns } = tableOf(context.tables, statement.table);
      const rows = columns.map(({ name, type }) => [name, type, '', '']);
      return listed(['Column', 'Type', 'Extra', 'Comment'], rows, context);
    }
    case 'query':
      return selected(statement, context);
  }
}

async function listed(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { open }: QueryContext,
): Promise<QueryOutcome> {
  const columns = names.map((name): OutputColumn => ({ name, type: 'varchar' }));
  const result = open({ columns, order: [], offset: 0, limit: null });
  for (const row of rows) result.add(row, []);
  return { rows: await result.finish(), objects: [] };
}

async function selected(query: Query, context: QueryContext): Promise<QueryOutcome> {
  const planning: Planning = { tables: context.tables, lookups: [] };
  const alone = query.selects.length === 1;
  const plans = query.selects.map((select) => planSelect(select, alone ? query.orderBy : [], planning));
  const columns = sharedColumns(plans);
  // What a union is ordered by are its columns: the rows behind them are of several tables.
  const ordering = planOrder(alone ? [] : query.orderBy, columns, ({ place }) => {
    throw new SqlError('ORDER BY of a union needs columns of its result', place);
  });
  await fillLookups(planning, context);

  const types = alone ? (plans[0]?.keyTypes ?? []) : ordering.types;
  const order = types.map((type, index) => ({ type, descending: query.orderBy[index]?.descending ?? false }));
  const result = context.open({ ...query, columns, order });
  try {
    for (const plan of plans) {
      const add = (values: readonly Value[], keys: readonly Value[]): void =>
        result.add(values, alone ? keys : ordering.keys(null, values));
      await runPlan(plan, context, add, () => !result.isFull());
    }
    return await outcome(result, plans);
  } finally {
    result.drop();
  }
}

/** Subqueries first: what looks at their values comes later in the list. */
async function fillLookups({ lookups }: Planning, context: QueryContext): Promise<void> {
  for (const { plan, fill } of lookups) {
    const values = new Set<string>();
    let hasNull = false;
    const take = ([value = null]: readonly Value[]): void => {
      if (value === null) hasNull = true;
      else values.add(value);
    };
    await runPlan(plan, context, take, () => true);
    fill(values, hasNull);
  }
}

async function outcome(result: QueryResult, plans: readonly SelectPlan[]): Promise<QueryOutcome> {
  const objects = plans.flatMap(({ table }) => (table === null ? [] : [table.object]));
  return { rows: await result.finish(), objects };
}

async function runPlan(
  plan: SelectPlan,
  { scan, readDeleted }: QueryContext,
  emit: Emit,
  goOn: () => boolean,
): Promise<void> {
  const pass = plan.start(emit);
  const both = plan.namesDeleted();
  if (plan.table === null) {
    pass.row({});
  } else {
    const visit = (row: Row): void => {
      if (both || (row['Deleted'] === 'true') === readDeleted) pass.row(row);
    };
    await scan(plan.table.object, visit, goOn);
  }
  pass.end();
}

function sharedColumns(plans: readonly SelectPlan[]): readonly OutputColumn[] {
  const [first, ...others] = plans;
  const columns = first?.columns ?? [];
  for (const { columns: more } of others) {
    if (more.length !== columns.length) {
      throw new SqlError(`UNION query has different number of fields: ${columns.length}, ${more.length}`);
    }
    more.forEach(({ type }, index) => {
      const wanted = columns[index]?.type ?? type;
      if (type === wanted || type === 'unknown') return;
      throw new SqlError(`column ${index + 1} in UNION query has incompatible types: ${wanted}, ${type}`);
    });
  }
  return columns;
}
