import { type Row } from '../tenant.ts';
import { type Aggregate, type Fold, aggregateOf, isAggregate } from './aggregates.ts';
import { compile } from './compile-expression.ts';
import { type Compiled, type Scope } from './compiled.ts';
import { planOrder } from './plan-order.ts';
import { type Output, type Pass, type Projection, emitRow, outputName } from './select-plan.ts';
import { SqlError } from './sql-error.ts';
import { type Expression, type OrderKey, type Select, type SelectItem, type Value } from './sql-tree.ts';

interface Group {
  readonly keys: readonly Value[];
  readonly folds: readonly Fold<Row>[];
}

/** Whether the select gives groups of rows instead of rows. */
export function isAggregated({ items, groupBy }: Select): boolean {
  return (
    groupBy.length > 0 || items.some(({ expression }) => expression !== null && holdsAggregate(expression))
  );
}

/** Groups are held until the pass is over, rows are not. */
export function planGroups(
  select: Select,
  orderBy: readonly OrderKey[],
  source: Scope<Row>,
  passes: (row: Row) => boolean,
): Projection {
  const groupBy = select.groupBy.map((key) => byPosition(key, select.items));
  const keys = groupBy.map((key) => compile(key, source));
  const aggregates: Aggregate<Row>[] = [];
  const scope = groupScope(groupBy, source, aggregates);
  const outputs = select.items.map((item, index): Output<Group> => {
    if (item.expression === null) throw new SqlError('SELECT * does not go with GROUP BY', item.place);
    return { name: outputName(item, index), ...compile(item.expression, scope) };
  });
  const ordering = planOrder(orderBy, outputs, (expression) => compile(expression, scope));

  return {
    columns: outputs.map(({ name, type }) => ({ name, type })),
    keyTypes: ordering.types,
    start: (emit) =>
      groupingPass(keys, aggregates, passes, (group) => emitRow(group, outputs, ordering, emit)),
  };
}

function groupingPass(
  keys: readonly Compiled<Row>[],
  aggregates: readonly Aggregate<Row>[],
  passes: (row: Row) => boolean,
  emit: (group: Group) => void,
): Pass {
  const groups = new Map<string, Group>();
  const groupOf = (values: readonly Value[]): Group => {
    const key = JSON.stringify(values);
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group = { keys: values, folds: aggregates.map((aggregate) => aggregate.start()) };
    groups.set(key, group);
    return group;
  };
  // Without keys there is one group, be there rows or not.
  if (keys.length === 0) groupOf([]);
  return {
    row(row) {
      if (!passes(row)) return;
      for (const fold of groupOf(keys.map(({ of }) => of(row))).folds) fold.add(row);
    },
    end() {
      for (const group of groups.values()) emit(group);
    },
  };
}

/** In a group, only its keys and aggregates mean something. */
function groupScope(
  groupBy: readonly Expression[],
  source: Scope<Row>,
  aggregates: Aggregate<Row>[],
): Scope<Group> {
  const keyTexts = groupBy.map(textOf);
  return {
    lookup: (select) => source.lookup(select),
    column({ name, place }) {
      throw new SqlError(`'${name}' must be an aggregate expression or appear in GROUP BY clause`, place);
    },
    known(expression) {
      const index = keyTexts.indexOf(textOf(expression));
      const key = groupBy[index];
      if (key !== undefined) {
        return { type: compile(key, source).type, of: ({ keys }) => keys[index] ?? null };
      }
      if (expression.kind !== 'call' || !isAggregate(expression)) return undefined;
      const args = expression.args.map((arg) => compile(arg, source));
      const place = aggregates.push(aggregateOf(expression, args)) - 1;
      const type = aggregates[place]?.type ?? 'unknown';
      return { type, of: ({ folds }) => folds[place]?.result() ?? null };
    },
  };
}

/** `group by 1` is the first item of the select. */
function byPosition(key: Expression, items: readonly SelectItem[]): Expression {
  if (key.kind !== 'literal' || key.type !== 'bigint') return key;
  const item = items[Number(key.value) - 1]?.expression;
  if (item == null)
    throw new SqlError(`GROUP BY position ${key.value ?? ''} is not in select list`, key.place);
  return item;
}

function holdsAggregate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'column':
      return false;
    case 'call':
      return isAggregate(expression) || expression.args.some(holdsAggregate);
    case 'compare':
      return holdsAggregate(expression.left) || holdsAggregate(expression.right);
    case 'and':
    case 'or':
      return expression.parts.some(holdsAggregate);
    case 'cast':
    case 'in':
    case 'is-null':
    case 'like':
    case 'not':
      return holdsAggregate(expression.inner);
  }
}

/** The same for the same expression, wherever it stands: there is one table, so its name does not matter. */
function textOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) =>
    key === 'place' || key === 'table' ? undefined : value,
  );
}
