/** Where progress goes: one finished line, without a line break. Commands send it to stderr. */
export type Report = (line: string) => void;

/** The environment as this folder reads it: `process.env`, or what a test makes of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's text, or null when it is unset or empty. */
export function setting(env: Environment, name: string): string | null {
  return env[name]?.trim() || null;
}

/** Seconds since `start` (from `performance.now()`), for a person: `0.3 s`, `182 s`. */
export function tookSince(start: number): string {
  const seconds = (performance.now() - start) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
