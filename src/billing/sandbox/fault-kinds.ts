import { z } from 'zod';

/** Faults of a call, matched against `METHOD path` and, for files, their object. */
const CALL_KINDS = [
  '429',
  '500',
  'internal',
  'busy',
  'lock',
  'error-code',
  'xml-error',
  'html',
  'reset',
  'hang',
  'slow',
  'slow-body',
  'reset-body',
  'hang-body',
  'token',
  'credentials',
  'permission',
] as const;
/** Faults of an export job, matched against its name and the objects of its queries. */
const JOB_KINDS = ['job-failed', 'job-stuck', 'no-deletes'] as const;
/** Faults of an export's file, matched against its object's name. */
const FILE_KINDS = ['truncate', 'gone', 'record-count', 'duplicate', 'shuffle'] as const;

type CallFault = (typeof CALL_KINDS)[number];
type JobFault = (typeof JOB_KINDS)[number];
type FileFault = (typeof FILE_KINDS)[number];
export type FaultKind = CallFault | JobFault | FileFault;

export function isCallFault(kind: FaultKind): kind is CallFault {
  return CALL_KINDS.some((one) => one === kind);
}

/** `times` of a fault that somebody has to take away. */
const UNTIL_REMOVED = 'until removed';

const Body = z.strictObject({
  kind: z.enum([...CALL_KINDS, ...JOB_KINDS, ...FILE_KINDS]),
  match: z.string().optional(),
  times: z.union([z.number().int().min(1).max(1_000_000), z.literal(UNTIL_REMOVED)]).optional(),
  retryAfter: z.number().int().min(0).max(3600).default(1),
  limit: z.enum(['concurrency', 'rate']).default('concurrency'),
  delay: z.number().int().min(0).max(600_000).optional(),
  code: z
    .union([z.string().regex(/^\d{1,8}$/), z.number().int().min(0).max(99_999_999).transform(String)])
    .optional(),
  status: z.number().int().min(200).max(599).optional(),
  message: z.string().max(2000).optional(),
});

export interface Fault {
  readonly id: string;
  readonly kind: FaultKind;
  /** Part of `METHOD path` or of a job's name; or an object's name, as a whole word; empty: everything. */
  readonly match: string;
  readonly times: number | typeof UNTIL_REMOVED;
  /** Seconds that a 429 asks to wait. */
  readonly retryAfter: number;
  /** Which limit a 429 is about. */
  readonly limit: 'concurrency' | 'rate';
  /** Milliseconds: of `slow` the whole call, of `slow-body` each piece. */
  readonly delay: number;
  /** The code of `error-code`, `xml-error` and `no-deletes`. */
  readonly code: string;
  /** The HTTP status of `html` and `xml-error`. */
  readonly status: number;
  readonly message: string;
}

type Defaults = Partial<Pick<Fault, 'match' | 'times' | 'delay' | 'code' | 'status' | 'message'>>;

const DEFAULTS: Partial<Record<FaultKind, Defaults>> = {
  busy: {
    match: 'POST /v1/batch-query',
    message: 'The total number of concurrent jobs has exceeded the limit allowed by the system.',
  },
  'xml-error': { status: 500, code: '50000061' },
  html: { status: 502 },
  'slow-body': { delay: 200 },
  credentials: { times: UNTIL_REMOVED },
  permission: { times: UNTIL_REMOVED, message: 'The user lacks the permission for this call.' },
  'job-failed': { message: 'The query execution has been aborted.' },
  'job-stuck': { times: UNTIL_REMOVED },
  'no-deletes': { times: UNTIL_REMOVED, code: '90012' },
};

/** A state and not an event: there is nothing to count. */
const LASTING: ReadonlySet<FaultKind> = new Set<FaultKind>(['job-stuck', 'no-deletes']);

/** A fault as it was asked for, with the defaults of its kind; or what is wrong with it. */
export function readFault(
  body: unknown,
  id: string,
): { readonly fault: Fault } | { readonly mistakes: readonly string[] } {
  const parsed = Body.safeParse(body);
  if (!parsed.success) {
    return { mistakes: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  }
  const { kind, times, retryAfter, limit } = parsed.data;
  if (typeof times === 'number' && LASTING.has(kind)) {
    return { mistakes: [`times: ${kind} lasts ${UNTIL_REMOVED}`] };
  }
  const given = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  return {
    fault: {
      match: '',
      times: 1,
      delay: 2000,
      code: '90022',
      status: 500,
      message: 'The sandbox was asked to fail.',
      ...DEFAULTS[kind],
      ...given,
      id,
      kind,
      retryAfter,
      limit,
    },
  };
}

/** What a fault may be, for those who asked for one that is not. */
export const POSSIBLE_FAULTS = {
  kind: { calls: CALL_KINDS, jobs: JOB_KINDS, files: FILE_KINDS },
  match: "part of 'METHOD path' or of a job's name, or the name of an object; left out: everything",
  times: `a whole number from 1, or '${UNTIL_REMOVED}' (as credentials and permission unless told otherwise, job-stuck and no-deletes always)`,
  retryAfter: '429: seconds to wait',
  limit: '429: concurrency (Retry-After) or rate (ratelimit-reset)',
  delay: 'slow: milliseconds; slow-body: milliseconds between pieces',
  code: 'error-code, xml-error: a code of Zuora; no-deletes: 90012 (stateless jobs) or 90017 (all jobs)',
  status: 'html, xml-error: the HTTP status',
  message: 'what the refusal or the failed job says',
  examples: [
    { kind: '429', match: 'POST /v1/batch-query', times: 2, retryAfter: 3 },
    { kind: 'truncate', match: 'InvoiceItem' },
    { kind: 'permission', match: 'Invoice' },
  ],
};
