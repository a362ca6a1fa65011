import type { Billing } from '../../src/billing/port.ts';
import { CATALOGUE } from '../../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import { askedByLastRun } from '../../src/store/asked-before.ts';
import { type OpenRun, rememberExport } from '../../src/store/runs.ts';
import { describeAll, exportQueries } from '../export-plan.ts';
import type { Means } from './means.ts';

/** Named one by one, so that a missing object is something that nobody can tell, and not a failure. */
const EVERY_OBJECT = { objects: CATALOGUE.map(({ name }) => name) };

/** Asks for the export that a sync would ask for, of whatever the credentials may read; answers the job and its objects. */
export async function submitExport(
  { db, aqua }: Pick<Means, 'db' | 'aqua'>,
  billing: Billing,
  { run, entity, windowFrom, windowTo }: OpenRun,
): Promise<{ readonly job: string; readonly objects: readonly string[] }> {
  const described = await describeAll(billing);
  const before = await askedByLastRun(db, entity);
  const ask = async (deletes: (object: string) => boolean) => {
    const queries = exportQueries({ aqua }, described, {
      window: { from: windowFrom, to: windowTo },
      selection: EVERY_OBJECT,
      anew: (asked) => before !== null && !before.has(asked),
      deletes,
    });
    if (queries.length === 0) throw nothingToRead(entity);
    const job = await billing.submitExport({ name: `revsync-readiness-${run}`, queries });
    const asked = queries.map((query) => query.asked);
    await rememberExport(db, run, { job, asked, sides: [], stateful: false });
    return { job, objects: queries.map(({ name }) => name) };
  };
  try {
    return await ask(() => true);
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code !== 'BILLING_DELETES_UNSUPPORTED') throw error;
    const tellable = described.flatMap(({ object }) => (object.deletes ? [object.name] : []));
    const told = await billing.deletesOf(tellable);
    return ask((object) => told.has(object));
  }
}

function nothingToRead(entity: string): RevsyncError {
  return new RevsyncError(`The credentials may read nothing of ${entity} in Billing.`, {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    remedy: 'Give the role of the integration user the right to read; `revsync doctor` lists what it lacks.',
    context: { entity },
  });
}
