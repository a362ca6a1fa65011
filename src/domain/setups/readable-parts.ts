import type { z } from 'zod';

/** More wrong parts than this, and the rest is told once these are put right. */
const MOST = 200;

/** What can be read of an input that does not have its form everywhere. */
export interface ReadableParts<Body> {
  /** Null where too little is left. */
  readonly body: Body | null;
  /** Where in the input something stands, by where it stands in the body: lists may have lost elements. */
  readonly placeOf: (path: string) => string;
}

/** Takes the wrong parts out, each as small as the form allows, so that the mistakes of the others are told, too. */
export function readableParts<Body>(schema: z.ZodType<Body>, input: unknown): ReadableParts<Body> {
  const places = new WeakMap<object, number[]>();
  const left = copied(input, places);
  const placeOf = (path: string): string => placed(path, left, places);
  for (let wrong = 0; wrong < MOST; wrong += 1) {
    const parsed = schema.safeParse(left);
    if (parsed.success) return { body: parsed.data, placeOf };
    const [issue] = parsed.error.issues;
    if (issue === undefined) break;
    const at = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    if (!takeOut(left, at, places)) break;
  }
  return { body: null, placeOf };
}

type Parts = Record<PropertyKey, unknown>;
const isParts = (value: unknown): value is Parts => typeof value === 'object' && value !== null;

function copied(value: unknown, places: WeakMap<object, number[]>): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = value.map((each) => copied(each, places));
    places.set(list, [...list.keys()]);
    return list;
  }
  if (!isParts(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part, places)]));
}

/** Of what is missing, the part that it is missing in goes. False when nothing would be left. */
function takeOut(left: unknown, at: readonly PropertyKey[], places: WeakMap<object, number[]>): boolean {
  const name = at.at(-1);
  if (name === undefined) return false;
  const whole = at
    .slice(0, -1)
    .reduce<unknown>((part, step) => (isParts(part) ? part[step] : undefined), left);
  if (Array.isArray(whole)) {
    whole.splice(Number(name), 1);
    places.get(whole)?.splice(Number(name), 1);
    return true;
  }
  if (!isParts(whole) || !(name in whole)) return takeOut(left, at.slice(0, -1), places);
  delete whole[name];
  return true;
}

function placed(path: string, left: unknown, places: WeakMap<object, number[]>): string {
  let part = left;
  return path.replaceAll(/([^.[\]]+)(\])?/g, (text, step: string, inList: string | undefined) => {
    const whole = part;
    part = isParts(whole) ? whole[step] : undefined;
    if (inList === undefined || !isParts(whole)) return text;
    return `${places.get(whole)?.[Number(step)] ?? step}]`;
  });
}
