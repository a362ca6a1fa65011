import { z } from 'zod';

const Flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const Query = z.object({
  name: z.string().nullish(),
  query: z.string(),
  type: z
    .string()
    .regex(/^zoql(export)?$/i)
    .default('zoqlexport'),
  apiVersion: z.union([z.string(), z.number()]).nullish(),
  deleted: z
    .object({ column: z.string().regex(/^\w{1,40}$/), format: z.string().default('Boolean') })
    .nullish(),
});

const Request = z.object({
  format: z
    .string()
    .default('csv')
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['csv', 'zip', 'gzip'])),
  version: z.union([z.string(), z.number()]).default('1.0').transform(String),
  // Said to have at most 32 characters, but clients that work send longer ones.
  name: z.string().nullish(),
  partner: z.string().nullish(),
  project: z.string().nullish(),
  encrypted: z.string().default('none'),
  useQueryLabels: Flag.default(false),
  dateTimeUtc: Flag.default(false),
  useLastCompletedJobQueries: Flag.default(false),
  nullReplacement: z.string().max(100).nullish(),
  incrementalTime: z.string().nullish(),
  offset: z.coerce.number().int().min(0).max(3600).default(0),
  notifyUrl: z.string().nullish(),
  queries: z.array(Query).default([]),
});

export type SubmittedJob = z.infer<typeof Request>;
export type SubmittedQuery = SubmittedJob['queries'][number];

/** What AQuA says no to, with its code (wire.md 2.2); `details` say what is wrong with which query. */
export class AquaRefusal extends Error {
  override readonly name = 'AquaRefusal';
  readonly code: string;
  readonly details: readonly { readonly query: SubmittedQuery; readonly message: string }[];

  constructor(code: string, message: string, details: AquaRefusal['details'] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** As clients compare it: without a full stop. */
export const SYNTAX_ERROR = 'There is a syntax error in one of the queries in the AQuA input';

/** Reads the body of a submission. Throws `AquaRefusal`. */
export function readSubmission(body: unknown): SubmittedJob {
  const parsed = Request.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new AquaRefusal('90005', `The AQuA request cannot be read: ${issues.join('; ')}`);
  }
  const job = parsed.data;
  if (job.encrypted !== 'none') throw new AquaRefusal('90005', 'The sandbox does not encrypt.');
  if ((job.notifyUrl?.length ?? 0) > 5000) {
    throw new AquaRefusal('90014', 'notifyURL must be less than 5000 characters in length.');
  }
  return job;
}

/** The partner and project of a job in stateful mode: version 1.1 or higher, and both given (fact 2). */
export function targetOf({ version, partner, project }: SubmittedJob): Target | null {
  if (!(Number(version) >= 1.1) || !partner || !project) return null;
  return { partner, project };
}

export interface Target {
  readonly partner: string;
  readonly project: string;
}
