import { z } from 'zod';

/** Faults of a call, matched against `METHOD path`. */
const CALL_KINDS = ['429', '500', 'reset', 'hang', 'slow', 'error-code', 'token'] as const;
/** Faults of an export's file, matched against its object's name too. */
const FILE_KINDS = ['truncate', 'gone', 'record-count', 'duplicate', 'shuffle'] as const;

export type FileFault = (typeof FILE_KINDS)[number];

const Body = z.strictObject({
  kind: z.enum([...CALL_KINDS, ...FILE_KINDS]),
  /** Part of `METHOD path`, or of the object's name for files; empty: everything. */
  match: z.string().default(''),
  times: z.number().int().min(1).max(1_000_000).default(1),
  /** Seconds that a 429 asks to wait. */
  retryAfter: z.number().int().min(0).max(3600).default(1),
  /** Milliseconds that a slow call takes longer. */
  delay: z.number().int().min(0).max(600_000).default(2000),
  /** The code of an `error-code`. */
  code: z.string().default('90022'),
});

export type Fault = z.infer<typeof Body>;

export interface Faults {
  /** Takes a fault in; answers what is wrong with it. */
  add(body: unknown): readonly string[];
  /** The first pending fault of a call, used up once. */
  ofCall(call: string): Fault | undefined;
  /** Whether the fault strikes this file; used up once. `call` where the file is asked for. */
  strikes(kind: FileFault, object: string, call?: string): boolean;
  pending(): readonly Fault[];
}

/** What is to go wrong, in the order in which it was asked for. */
export function createFaults(): Faults {
  let faults: readonly Fault[] = [];

  const use = (fault: Fault): Fault => {
    faults = faults.flatMap((one) => {
      if (one !== fault) return [one];
      return one.times > 1 ? [{ ...one, times: one.times - 1 }] : [];
    });
    return fault;
  };
  const find = (kinds: readonly string[], texts: readonly string[]): Fault | undefined => {
    const fault = faults.find(
      ({ kind, match }) => kinds.includes(kind) && texts.some((text) => text.includes(match)),
    );
    return fault === undefined ? undefined : use(fault);
  };

  return {
    add(body) {
      const parsed = Body.safeParse(body);
      if (!parsed.success)
        return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      faults = [...faults, parsed.data];
      return [];
    },
    ofCall: (call) => find(CALL_KINDS, [call]),
    strikes: (kind, object, call) =>
      find([kind], call === undefined ? [object] : [object, call]) !== undefined,
    pending: () => faults,
  };
}
