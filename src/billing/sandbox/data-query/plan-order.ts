import { type Compiled } from './compiled.ts';
import { SqlError } from './sql-error.ts';
import { type Expression, type OrderKey, type SqlType, type Value } from './sql-tree.ts';

/** What the rows of a result are ordered by. */
export interface Ordering<Source> {
  readonly types: readonly SqlType[];
  keys(source: Source, values: readonly Value[]): readonly Value[];
}

interface Named {
  readonly name: string;
  readonly type: SqlType;
}

/** Order keys are columns of the result, by name or number, or whatever `compileSource` knows. */
export function planOrder<Source>(
  orderBy: readonly OrderKey[],
  outputs: readonly Named[],
  compileSource: (expression: Expression) => Compiled<Source>,
): Ordering<Source> {
  const keys = orderBy.map(({ expression }) => {
    const index = outputIndex(expression, outputs);
    const output = index === null ? undefined : outputs[index];
    if (index === null || output === undefined) {
      const { type, of } = compileSource(expression);
      return { type, of: (source: Source): Value => of(source) };
    }
    return { type: output.type, of: (_: Source, values: readonly Value[]): Value => values[index] ?? null };
  });
  return {
    types: keys.map(({ type }) => type),
    keys: (source, values) => keys.map(({ of }) => of(source, values)),
  };
}

function outputIndex(expression: Expression, outputs: readonly Named[]): number | null {
  if (expression.kind === 'literal' && expression.type === 'bigint') {
    const index = Number(expression.value) - 1;
    if (outputs[index] !== undefined) return index;
    throw new SqlError(`ORDER BY position ${expression.value ?? ''} is not in select list`, expression.place);
  }
  if (expression.kind !== 'column' || expression.table !== null) return null;
  const index = outputs.findIndex(({ name }) => name === expression.name);
  return index === -1 ? null : index;
}
