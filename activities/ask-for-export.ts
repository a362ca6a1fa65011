import type { Billing } from '../src/billing/port.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { askedByLastRun } from '../src/store/asked-before.ts';
import type { RunScope } from '../src/store/runs.ts';
import { knownDeletes, rememberDeletes } from '../src/store/sides.ts';
import type { Dependencies } from './dependencies.ts';
import {
  type Described,
  exportQueries,
  type Plan,
  type PlannedQuery,
  plannedQueries,
} from './export-plan.ts';
import type { OpenedRun } from './open-run.ts';

type Opened = OpenedRun & { readonly again: boolean };

/** The export of a run, but for what Billing describes. */
export interface ExportPlan extends Omit<Plan, 'deletes'> {
  readonly stateful: {
    readonly partner: string;
    readonly project: string;
    readonly since: string | null;
  } | null;
  /** What the last run asked for; null: it is not known, or nothing to go by. */
  readonly before: ReadonlySet<string> | null;
}

/** The job that Billing was asked for. */
export interface Asked {
  readonly job: string;
  readonly queries: readonly PlannedQuery[];
  readonly stateful: boolean;
  /** Objects of the export that cannot tell deleted rows in it. */
  readonly untold: readonly string[];
}

/** What the run asks for of whatever is described. */
export async function planOf(deps: Dependencies, opened: Opened, scope: RunScope): Promise<ExportPlan> {
  const stateful = statefulOf(deps, opened, scope);
  const before = scope.movesMark ? await askedByLastRun(deps.db, opened.entity) : null;
  return {
    stateful,
    before,
    window: stateful === null ? opened.window : null,
    whole: scope.whole,
    selection: scope.selection,
    // An object or a column that is new, or was kept from us for a while, has rows older than the window.
    anew: (asked) => before !== null && !before.has(asked),
  };
}

/** Whether the export would ask for the same objects with the same columns as the last run; false where nobody knows. */
export function asksAsBefore(
  deps: Dependencies,
  described: readonly Described[],
  { before, ...plan }: ExportPlan,
): boolean {
  if (before === null) return false;
  const queries = plannedQueries(deps, described, { ...plan, deletes: () => true });
  return queries.length === before.size && queries.every(({ asked }) => before.has(asked));
}

/** Objects may refuse the deleted column, all or some (wire.md 2.2, facts 5 and 6): then the others are found out. */
export async function askForExport(
  deps: Dependencies,
  billing: Billing,
  { run, entity, org, again }: Opened,
  { lookBack }: RunScope,
  described: readonly Described[],
  { stateful, ...plan }: ExportPlan,
): Promise<Asked> {
  // What was found out is asked anew when the run looks back: Billing may have been changed meanwhile.
  const anew = lookBack && !again;
  const known = anew ? new Map<string, boolean>() : await knownDeletes(deps.db, entity);
  const ask = async (told: ReadonlyMap<string, boolean>): Promise<Asked> => {
    const queries = exportQueries(deps, described, {
      ...plan,
      deletes: (object) => told.get(object) ?? true,
    });
    const job = await billing.submitExport({ name: `revsync-${run}`, queries, stateful });
    const untold = queries.filter(({ deletedColumn }) => deletedColumn === undefined).map(({ name }) => name);
    return { job, queries, untold, stateful: stateful !== null };
  };
  const objects = described.flatMap(({ object }) => (object.deletes ? [object.name] : []));
  try {
    const asked = await ask(known);
    if (anew)
      await rememberDeletes(deps.db, { entity, org }, new Map(objects.map((object) => [object, true])));
    return asked;
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code !== 'BILLING_DELETES_UNSUPPORTED') throw error;
    const supported = await billing.deletesOf(objects);
    const found = new Map(objects.map((object) => [object, supported.has(object)]));
    await rememberDeletes(deps.db, { entity, org }, found);
    return ask(found);
  }
}

/** Only runs over the standing window may use what Billing remembers; the others would advance it. */
function statefulOf(
  { stateful }: Dependencies,
  { entity, window, again }: Opened,
  { movesMark }: RunScope,
): ExportPlan['stateful'] {
  const distrusted = again && window.from === null;
  if (stateful === null || !movesMark || distrusted) return null;
  return { partner: stateful.partner, project: `${stateful.project}-${entity}`, since: window.from };
}
