import { type Snapshot } from './changes.ts';
import { eachRow } from './each-row.ts';
import { type ExportPlan } from './export-plan.ts';
import { type Row, type Scope, type Tenant } from './tenant.ts';
import { type CompiledCondition, type RowTest } from './zoql-filter.ts';

/** Shows all rows of some objects once. `goOn` false ends it early. */
export type Pass = (
  objects: readonly string[],
  visit: (object: string, row: Row) => void,
  goOn?: () => boolean,
) => Promise<void>;

/** Passes over the rows of a scope, all of the same moment. */
export function passesOf(
  tenant: Tenant,
  scope: Scope,
  snapshotOf: () => Snapshot,
  isWanted: () => boolean = () => true,
): Pass {
  return async (objects, visit, goOn = () => true) => {
    const snapshot = snapshotOf();
    const rows = tenant.scan(objects, scope);
    await eachRow(
      rows,
      ([object, row]) => visit(object, snapshot.change(object, row)),
      () => isWanted() && goOn(),
    );
    for (const [object, row] of snapshot.added(objects, scope)) visit(object, row);
  };
}

/** The conditions of a plan as one test. Conditions on related objects are answered by a look at those first. */
export async function testOf({ anyOf }: Pick<ExportPlan, 'anyOf'>, pass: Pass): Promise<RowTest> {
  if (anyOf.length === 0) return () => true;
  const groups: RowTest[][] = [];
  for (const group of anyOf) {
    const tests: RowTest[] = [];
    for (const condition of group) tests.push(await ownTest(condition, pass));
    groups.push(tests);
  }
  return (row) => groups.some((group) => group.every((test) => test(row)));
}

async function ownTest(condition: CompiledCondition, pass: Pass): Promise<RowTest> {
  if ('own' in condition) return condition.own;
  const { object, key, test } = condition.joined;
  const ids = new Set<string>();
  await pass([object], (_, row) => {
    if (row['Deleted'] !== 'true' && test(row)) ids.add(row['Id'] ?? '');
  });
  return (row) => ids.has(row[key] ?? '');
}
