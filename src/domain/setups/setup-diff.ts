import { pathText } from './form-mistakes.ts';

/** A part that two set-ups have differently; null where one has none. Values as JSON text. */
export interface SetupDiff {
  /** `rules[1].keys`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two set-ups as files have them, leaving out their names. */
export function diffSetups(before: object, after: object): SetupDiff[] {
  return differences(before, after, []).filter(({ path }) => path !== 'name');
}

function differences(before: unknown, after: unknown, at: readonly PropertyKey[]): SetupDiff[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isParted(before) && isParted(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differences(before[name], after[name], [...at, Array.isArray(before) ? Number(name) : name]),
    );
  }
  return [{ path: pathText(at), before: textOf(before), after: textOf(after) }];
}

/** Lists of plain values, as the keys of a rule, are shown whole. */
const isParted = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !(Array.isArray(value) && value.every((each) => typeof each !== 'object'));

const textOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
