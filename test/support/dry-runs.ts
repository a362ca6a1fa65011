import { expect } from 'vitest';

import { invariant } from '../../src/domain/errors.ts';
import { ROUTES } from '../../src/domain/mapping/routes.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import {
  type BriefTemplate,
  completeTemplate,
  type TemplateRow,
  type TemplateType,
  type TransactionTemplate,
} from '../../src/domain/mapping/transaction-template.ts';
import { dryRun, type DryRun } from '../../src/store/dry-run/dry-run.ts';
import { type DefaultTemplate, defaultTemplates } from '../../src/store/templates.ts';
import type { TestDatabase } from './database.ts';
import { keptDefault } from './kept-templates.ts';
import { changesOf, stagedLines } from './staged-lines.ts';
import { syncRows } from './sync-rows.ts';

/** More than there is of anything. */
const ALL = 1_000_000;

/** The pre-configured template of a type for one entity, changed. */
export function changedTemplate(
  type: TemplateType,
  entity: string,
  change: Partial<BriefTemplate> = {},
): TransactionTemplate {
  const seeded = SEEDED_TEMPLATES.find((template) => template.type === type);
  invariant(seeded !== undefined, `no seeded template of ${type}`);
  return completeTemplate({ ...seeded, name: `${type} of ${entity}`, entity, ...change });
}

/** Its rows, with others for the same fields. */
export function rowsWith(type: TemplateType, ...rows: readonly TemplateRow[]): readonly TemplateRow[] {
  const labels = new Set(rows.map(({ to }) => to));
  const seeded = SEEDED_TEMPLATES.find((template) => template.type === type);
  return [...(seeded?.rows ?? []).filter(({ to }) => !labels.has(to)), ...rows];
}

/** A template that is kept nowhere, as a dry run takes it. */
export const notKept = (body: TransactionTemplate): DefaultTemplate => ({
  name: body.name,
  version: 0,
  body,
});

/** What a dry run says of a template that would replace the entity's default, with every line as a sample. */
export async function predicted(
  { db }: TestDatabase,
  entity: string,
  after: TransactionTemplate,
): Promise<DryRun> {
  const before = (await defaultTemplates(db, entity)).find(({ body }) => body.type === after.type);
  invariant(before !== undefined, `no default of ${after.type}`);
  return dryRun(db, { entity, org: entity, before, after: notKept(after), samples: ALL });
}

/** Predicts, makes the template the default, syncs, and compares every line and field; answers the prediction. */
export async function provenRight(
  database: TestDatabase,
  entity: string,
  after: TransactionTemplate,
): Promise<DryRun> {
  const { driver } = ROUTES[after.type];
  const dry = await predicted(database, entity, after);
  const before = await stagedLines(database.db, entity, driver);
  await keptDefault(database.db, after);
  await syncRows(database, {}, { entity, org: entity });
  const { lines, amounts, fields, holds } = dry;
  expect({ lines, amounts, fields, holds }).toEqual(
    changesOf(before, await stagedLines(database.db, entity, driver)),
  );
  return dry;
}
