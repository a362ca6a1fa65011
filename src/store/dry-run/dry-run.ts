import { sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import type { TemplateType } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { openRunOf } from '../runs.ts';
import { type DefaultTemplate, defaultTemplates } from '../templates.ts';
import { hasDrivers } from '../transform/driver-rows.ts';
import { STAGING, TEMPORARY } from '../transform/line-tables.ts';
import { compiled, formLines } from '../transform/transform-type.ts';
import { type AffectedContracts, affectedContracts } from './affected-contracts.ts';
import { type AmountChange, amountChanges } from './amount-changes.ts';
import { type LineChanges, lineChanges, takeDifferences } from './differences.ts';
import { copyLines, type Scope, SET_ASIDE, setAside, uncollectedLines } from './dry-tables.ts';
import { type FieldChanges, fieldChanges } from './field-changes.ts';
import { type FormedLines, formedLines } from './formed-lines.ts';
import { type HoldChanges, holdChanges } from './hold-changes.ts';
import { type NeverExtracted, neverExtracted } from './never-extracted.ts';
import { RESTATED, restateCollected, type RestatedLines } from './restated-lines.ts';

export interface DryRunRequest {
  readonly entity: string;
  readonly org: string;
  /** What is not kept yet has a version that no line was formed by. */
  readonly before: DefaultTemplate;
  readonly after: DefaultTemplate;
  /** At most that many samples of each kind. */
  readonly samples: number;
}

/** What the next sync would do to the lines of one entity by one template, compared with another. */
export interface DryRun {
  readonly entity: string;
  readonly org: string;
  readonly type: TemplateType;
  /** The default that the entity uses, `<name>@<version>`; null where it has none. */
  readonly used: string | null;
  /** Whether that one is for this entity alone. */
  readonly usesOwn: boolean;
  /** A run that is open: its rows count as far as they are here. */
  readonly openRun: string | null;
  readonly lines: LineChanges;
  readonly amounts: readonly AmountChange[];
  readonly fields: readonly FieldChanges[];
  readonly holds: readonly HoldChanges[];
  readonly contracts: AffectedContracts;
  /** What the next sync would do by the template before, if that is the one used; it is no part of the rest. */
  readonly pending: Pick<LineChanges, 'added' | 'removed' | 'changed'> | null;
  /** What only the template after reads and no sync has brought yet. */
  readonly neverExtracted: readonly NeverExtracted[];
}

/**
 * Forms lines twice as the next sync would over the rows that are here, by the template before and by the template
 * after, and compares. All of it in temporary tables of one transaction that is rolled back: it writes nothing, takes
 * no lock that a sync waits for and waits for none, and needs no more than the right to read and to make temporary
 * tables.
 */
export const dryRun = (db: Db, request: DryRunRequest): Promise<DryRun> =>
  rolledBack(db, (trx) => compared(trx, request));

/** A dry run, and what the template after forms of all rows that are here, whatever of it is collected. */
export interface TrialRun {
  readonly compared: DryRun;
  readonly formed: FormedLines;
  /** The part of `formed` that is collected, of which `compared` has no more than the number. */
  readonly restated: RestatedLines;
}

/** The same, and what the template after forms by itself, with the values of some fields. */
export const trialRun = (db: Db, request: DryRunRequest, labels: readonly string[]): Promise<TrialRun> =>
  rolledBack(db, async (trx) => {
    const comparison = await compared(trx, request);
    const scope = scopeOf(request);
    const plans = { before: compiled(request.before), after: compiled(request.after) };
    const restated = await restateCollected(trx, scope, plans);
    const lines = sql`(select * from ${uncollectedLines(scope, TEMPORARY)} as u union all table ${RESTATED})`;
    return {
      compared: comparison,
      formed: await formedLines(trx, lines, { labels, samples: request.samples }),
      restated,
    };
  });

async function rolledBack<Result>(db: Db, work: (trx: Db) => Promise<Result>): Promise<Result> {
  // One snapshot: a sync that commits meanwhile does not show in the middle of it.
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').execute();
  try {
    return await work(trx);
  } finally {
    await trx.rollback().execute();
  }
}

const scopeOf = ({ entity, after }: DryRunRequest): Scope => ({ entity, driver: compiled(after).driver });

async function compared(trx: Db, request: DryRunRequest): Promise<DryRun> {
  const { entity, org, before, after, samples } = request;
  const { type } = after.body;
  invariant(before.body.type === type, 'a dry run compares templates of one type');
  const used = (await defaultTemplates(trx, entity)).find(({ body }) => body.type === type);
  const scope = scopeOf(request);

  const touched = await formed(trx, request, before, used);
  const isUsed = used !== undefined && isSame(used, before);
  const pending = !isUsed ? null : touched === '0' ? NOTHING_PENDING : await pendingChanges(trx, scope);
  await setAside(trx);
  await formed(trx, request, after, used);
  const formedBefore = uncollectedLines(scope, SET_ASIDE);
  const formedAfter = uncollectedLines(scope, TEMPORARY);
  await takeDifferences(trx, formedBefore, formedAfter);
  return {
    entity,
    org,
    type,
    used: used === undefined ? null : `${used.name}@${used.version}`,
    usesOwn: used !== undefined && used.body.entity !== null,
    openRun: (await openRunOf(trx, entity))?.run ?? null,
    lines: await lineChanges(trx, scope, formedBefore, samples),
    amounts: await amountChanges(trx, scope, formedBefore, formedAfter),
    fields: await fieldChanges(trx, samples),
    holds: await holdChanges(trx, samples),
    contracts: await affectedContracts(trx, { org, before: formedBefore, after: formedAfter, samples }),
    pending,
    neverExtracted: await neverExtracted(trx, { entity, before: before.body, after: after.body }),
  };
}

const isSame = (one: DefaultTemplate, other: DefaultTemplate): boolean =>
  one.name === other.name && one.version === other.version;

/** Forms lines in the temporary tables, from those that are there; answers how many drivers it looked at. */
async function formed(
  trx: Db,
  { entity, org }: DryRunRequest,
  template: DefaultTemplate,
  used: DefaultTemplate | undefined,
): Promise<string> {
  const plan = compiled(template);
  await copyLines(trx, { entity, driver: plan.driver });
  if (!(await hasDrivers(trx, { driver: plan.driver, entity }))) return '0';
  const introduced = used !== undefined && isSame(used, template) ? null : true;
  const forming = { run: '0', entity, org, template, tables: TEMPORARY, introduced };
  return (await formLines(trx, forming, plan)).drivers;
}

const NOTHING_PENDING = { added: '0', removed: '0', changed: '0' };

async function pendingChanges(trx: Db, scope: Scope): Promise<DryRun['pending']> {
  const now = uncollectedLines(scope, STAGING);
  await takeDifferences(trx, now, uncollectedLines(scope, TEMPORARY));
  const { added, removed, changed } = await lineChanges(trx, scope, now, 0);
  return { added, removed, changed };
}
