import { z } from 'zod';

/** Some clients send booleans as text. */
const Flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const Request = z.object({
  query: z.string().trim().min(1, 'must not be empty'),
  outputFormat: z.enum(['JSON', 'CSV', 'TSV', 'DSV']),
  compression: z.enum(['NONE', 'GZIP', 'ZIP']),
  output: z.object({ target: z.literal('S3') }),
  columnSeparator: z.string().length(1).default('|'),
  readDeleted: Flag.default(false),
  // DATAHUB is what older clients call the warehouse. All of them read the same rows here.
  sourceData: z.enum(['LIVE', 'WAREHOUSE', 'DATAHUB']).default('LIVE'),
  useIndexJoin: Flag.default(false),
  warehouseSize: z.string().nullish(),
  encryptionKey: z.never('the sandbox does not encrypt').optional(),
});

export type JobRequest = z.infer<typeof Request>;

/** Checks the body of `POST /query/jobs` (wire.md 2.3); answers what is wrong with it. */
export function readJobRequest(
  body: unknown,
): { readonly request: JobRequest } | { readonly mistakes: readonly string[] } {
  const parsed = Request.safeParse(body);
  if (parsed.success) return { request: parsed.data };
  return { mistakes: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}
