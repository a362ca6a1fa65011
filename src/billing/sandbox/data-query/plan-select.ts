import { type Row } from '../tenant.ts';
import { compile, condition } from './compile-expression.ts';
import { type Lookup } from './compiled.ts';
import { isAggregated, planGroups } from './plan-groups.ts';
import { planOrder } from './plan-order.ts';
import { type Output, type Projection, type SelectPlan, emitRow, outputName } from './select-plan.ts';
import { type SourceScope, sourceScope } from './source-scope.ts';
import { SqlError } from './sql-error.ts';
import { type OrderKey, type Select, type SelectItem, type TableName } from './sql-tree.ts';
import { type Table, findTable } from './tables.ts';

/** A plan in parentheses, to be run before those that look at its values. */
export interface PendingLookup {
  readonly plan: SelectPlan;
  readonly fill: (values: ReadonlySet<string>, hasNull: boolean) => void;
}

export interface Planning {
  readonly tables: ReadonlyMap<string, Table>;
  /** In the order in which they have to run. */
  readonly lookups: PendingLookup[];
}

type RowTest = (row: Row) => boolean;

/** Throws `SqlError` for what the tenant does not have. */
export function planSelect(select: Select, orderBy: readonly OrderKey[], planning: Planning): SelectPlan {
  const { from, where } = select;
  const table = from === null ? null : tableOf(planning.tables, from);
  const scope = sourceScope(table, from?.alias ?? '', (inner) => planLookup(inner, planning));
  const test = where === null ? null : condition(where, scope);
  const passes: RowTest = (row) => test === null || test.of(row) === 'true';
  const projection = isAggregated(select)
    ? planGroups(select, orderBy, scope, passes)
    : planRows(select, orderBy, scope, passes, table);
  return { ...projection, table, namesDeleted: () => scope.namesDeleted() };
}

export function tableOf(tables: ReadonlyMap<string, Table>, { name, place }: TableName): Table {
  const table = findTable(tables, name);
  if (table === undefined) throw new SqlError(`Table 'owl.data.${name}' does not exist`, place);
  return table;
}

function planRows(
  { items }: Select,
  orderBy: readonly OrderKey[],
  scope: SourceScope,
  passes: RowTest,
  table: Table | null,
): Projection {
  const outputs = items.flatMap((item, index) => outputsOf(item, index, table, scope));
  const ordering = planOrder(orderBy, outputs, (expression) => compile(expression, scope));
  return {
    columns: outputs.map(({ name, type }) => ({ name, type })),
    keyTypes: ordering.types,
    start: (emit) => ({
      row(row) {
        if (passes(row)) emitRow(row, outputs, ordering, emit);
      },
      end() {},
    }),
  };
}

function outputsOf(
  item: SelectItem,
  index: number,
  table: Table | null,
  scope: SourceScope,
): readonly Output<Row>[] {
  const { expression, place } = item;
  if (expression !== null) return [{ name: outputName(item, index), ...compile(expression, scope) }];
  if (table === null) throw new SqlError('SELECT * not allowed in queries without FROM clause', place);
  return table.columns.map(({ name }) => ({
    name,
    ...scope.column({ kind: 'column', table: null, name, place }),
  }));
}

function planLookup(select: Select, planning: Planning): Lookup {
  const plan = planSelect(select, [], planning);
  const [column] = plan.columns;
  if (column === undefined || plan.columns.length > 1) {
    throw new SqlError('Multiple columns returned by subquery are not yet supported', select.items[0]?.place);
  }
  let found: readonly string[] = [];
  let nulls = false;
  planning.lookups.push({
    plan,
    fill(values, hasNull) {
      found = [...values];
      nulls = hasNull;
    },
  });
  return { type: column.type, values: () => found, hasNull: () => nulls };
}
