import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { reasonOf } from '../../domain/errors.ts';
import { type Changes } from './changes.ts';
import { openExportFile } from './export-file.ts';
import { passesOf, testOf } from './export-pass.ts';
import { type ExportPlan, planExport } from './export-plan.ts';
import { type Faults } from './faults.ts';
import { type Scope, type Tenant } from './tenant.ts';
import { type Workshop, pause } from './workshop.ts';
import { ZoqlError, parseZoql } from './zoql.ts';

const Request = z.object({
  Format: z.string().refine((format) => format.toLowerCase() === 'csv', 'the sandbox writes csv alone'),
  Query: z.string(),
  Name: z.string().nullish(),
  Zip: z.boolean().default(false),
  Encrypted: z.literal(false, 'the sandbox does not encrypt').nullish(),
});

/** A data source export: one query, one file (wire.md 2.3). */
export interface ObjectExport {
  readonly id: string;
  readonly scope: Scope;
  readonly request: z.infer<typeof Request>;
  readonly plan: ExportPlan;
  readonly createdOn: number;
  status: 'Pending' | 'Processing' | 'Completed' | 'Failed' | 'Cancelled';
  reason: string;
  fileId: string | null;
  /** Bytes. */
  size: number;
}

/** Why an export is refused, with the code of CRUD calls. */
export class ExportRefusal extends Error {
  override readonly name = 'ExportRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Checks an export as Zuora does at once. Throws `ExportRefusal`. */
export function newExport(tenant: Tenant, body: unknown, scope: Scope, createdOn: number): ObjectExport {
  const parsed = Request.safeParse(body);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ExportRefusal('INVALID_VALUE', mistakes.join('; '));
  }
  const request = parsed.data;
  const plan = planOf(tenant, request.Query);
  const id = randomBytes(16).toString('hex');
  return { id, scope, request, plan, createdOn, status: 'Pending', reason: '', fileId: null, size: 0 };
}

function planOf(tenant: Tenant, query: string): ExportPlan {
  try {
    const { object } = parseZoql(query);
    if (!tenant.objects.some((name) => name.toLowerCase() === object.toLowerCase())) {
      // The word by which clients know that there is nothing to export.
      throw new ExportRefusal('INVALID_VALUE', `noSuchDataSource: there is no data source ${object}`);
    }
    return planExport(tenant, query, { useQueryLabels: true, deleted: null });
  } catch (error) {
    if (error instanceof ZoqlError)
      throw new ExportRefusal('INVALID_VALUE', `Invalid query: ${error.message}`);
    throw error;
  }
}

export interface ExportContext {
  readonly tenant: Tenant;
  readonly changes: Changes;
  readonly faults: Faults;
  readonly workshop: Workshop;
}

/** Runs an export to its end; never throws. It sees the tenant as it is when this is called. */
export async function runExport(job: ObjectExport, context: ExportContext): Promise<void> {
  const { workshop, changes } = context;
  const begun = performance.now();
  const snapshotOf = changes.freeze();
  await pause(workshop.jobDelay / 2, workshop);
  job.status = 'Processing';
  try {
    const path = await writeExport(job, snapshotOf, context);
    await pause(workshop.jobDelay - (performance.now() - begun), workshop);
    if (workshop.stopping.aborted) return;
    const fileId = randomBytes(16).toString('hex');
    const { name: object } = job.plan.object;
    const format = job.request.Zip ? 'zip' : 'csv';
    workshop.files.set(fileId, { path, object, format, entity: job.scope.entity });
    Object.assign(job, { status: 'Completed', fileId, size: (await stat(path)).size });
  } catch (error) {
    Object.assign(job, { status: 'Failed', reason: reasonOf(error) });
  }
}

async function writeExport(
  { id, plan, scope }: ObjectExport,
  snapshotOf: ReturnType<Changes['freeze']>,
  { tenant, faults, workshop }: ExportContext,
): Promise<string> {
  const { name } = plan.object;
  const pass = passesOf(tenant, scope, snapshotOf, () => !workshop.stopping.aborted);
  const path = join(workshop.folder, `export-${id}.csv`);
  const file = openExportFile({
    path,
    plan,
    test: await testOf(plan, pass),
    dateTimeUtc: false,
    nullReplacement: '',
    duplicate: faults.strikes('duplicate', name),
    shuffle: faults.strikes('shuffle', name),
  });
  try {
    await pass(
      [name],
      (_, row) => file.offer(row),
      () => !file.full,
    );
    await file.finish();
  } finally {
    file.drop();
  }
  return path;
}
