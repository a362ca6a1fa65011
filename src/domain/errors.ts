/** What the caller should do next. Retry policy and exit code read this and nothing else. */
export type Fate =
  | 'fix-input' // a person must change data, flags or settings; retrying cannot help
  | 'retry' // the world may look different in a minute
  | 'bug'; // an invariant broke; stop and report it

export interface ErrorDetails {
  /** Stable and grep-able, for example `TEMPLATE_INVALID`. Never reworded. */
  readonly code: string;
  readonly fate: Fate;
  /** One sentence, imperative: what to do about it. */
  readonly remedy: string;
  /** Identifiers only. Never customer names, amounts or credentials. */
  readonly context?: Readonly<Record<string, string | number>>;
  /** Milliseconds after which a retry makes sense; set where the other side said so. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** The one error class. `message` says what happened, `remedy` what to do. */
export class RevsyncError extends Error {
  override readonly name = 'RevsyncError';
  readonly code: string;
  readonly fate: Fate;
  readonly remedy: string;
  readonly context: Readonly<Record<string, string | number>>;
  readonly retryAfter: number | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.fate = details.fate;
    this.remedy = details.remedy;
    this.context = details.context ?? {};
    this.retryAfter = details.retryAfter;
  }
}

/** Asserts what only a programming mistake could make false. */
export function invariant(condition: boolean, broken: string): asserts condition {
  if (condition) return;
  throw new RevsyncError(`Invariant broken: ${broken}`, {
    code: 'INVARIANT_BROKEN',
    fate: 'bug',
    remedy: 'Report this with the workflow id; do not run it again.',
  });
}

/** The first line of whatever was thrown, for a sentence a person reads. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n', 1)[0] ?? text;
}
