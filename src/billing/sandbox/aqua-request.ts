import { z } from 'zod';

import { type ExportPlan, planExport } from './export-plan.ts';
import { type Tenant } from './tenant.ts';
import { ZoqlError } from './zoql.ts';

const Flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const Query = z.object({
  name: z.string().default(''),
  query: z.string(),
  type: z
    .string()
    .regex(/^zoql(export)?$/i)
    .default('zoqlexport'),
  apiVersion: z.union([z.string(), z.number()]).optional(),
  deleted: z
    .object({ column: z.string().regex(/^\w{1,40}$/), format: z.string().default('Boolean') })
    .nullish(),
});

const Request = z.object({
  format: z
    .string()
    .default('csv')
    .transform((text) => text.toLowerCase()),
  version: z.union([z.string(), z.number()]).default('1.0').transform(String),
  name: z.string().default(''),
  partner: z.string().nullish(),
  project: z.string().nullish(),
  encrypted: z.string().default('none'),
  useQueryLabels: Flag.default(false),
  dateTimeUtc: Flag.default(false),
  nullReplacement: z.string().max(100).default(''),
  queries: z.array(Query).default([]),
});

export type SubmittedJob = z.infer<typeof Request>;
export type SubmittedQuery = SubmittedJob['queries'][number];

/** What AQuA says no to, with its code (wire.md 2.2). */
export class AquaRefusal extends Error {
  override readonly name = 'AquaRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const SYNTAX = 'There is a syntax error in one of the queries in the AQuA input.';

/** Checks a job as Zuora does at submission. Throws `AquaRefusal`. */
export function readJob(
  tenant: Tenant,
  body: unknown,
): { readonly job: SubmittedJob; readonly plans: readonly ExportPlan[] } {
  const parsed = Request.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new AquaRefusal('90005', `The AQuA request cannot be read: ${issues.join('; ')}`);
  }
  const job = parsed.data;
  const { queries } = job;
  if (queries.length === 0)
    throw new AquaRefusal('90016', 'There are no queries included in the AQuA request.');
  if (queries.length > 50) {
    throw new AquaRefusal(
      '90004',
      'Invalid number of queries allowed. A maximum of 50 queries are supported in an AQuA request.',
    );
  }
  if (job.name.length > 32)
    throw new AquaRefusal('90005', 'The name of the job is longer than 32 characters.');
  if (job.format !== 'csv' && job.format !== 'gzip') {
    throw new AquaRefusal('90005', `The sandbox writes csv and gzip, not ${job.format}.`);
  }
  if (job.encrypted !== 'none') throw new AquaRefusal('90005', 'The sandbox does not encrypt.');
  if (job.partner)
    throw new AquaRefusal('90019', 'The partner is not recognized: the sandbox is stateless only.');
  return { job, plans: queries.map((query) => planOf(tenant, query, job)) };
}

function planOf(tenant: Tenant, query: SubmittedQuery, { useQueryLabels }: SubmittedJob): ExportPlan {
  try {
    const plan = planExport(tenant, query.query, { useQueryLabels, deleted: query.deleted ?? null });
    if (plan.deleted !== null && !plan.object.deletes) {
      throw new AquaRefusal(
        '90017',
        'Objects included in the queries do not support the querying of deleted records. Remove "Deleted" section in the JSON request and retry the request.',
      );
    }
    return plan;
  } catch (error) {
    if (error instanceof ZoqlError)
      throw new AquaRefusal('90005', `${SYNTAX} (${query.name}: ${error.message})`);
    throw error;
  }
}
