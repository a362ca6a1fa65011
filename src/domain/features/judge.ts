import type { Access } from './access.ts';
import type { Feature } from './feature.ts';
import { type Lack, lacksOf } from './lacks.ts';

/**
 * `ok`: works. `partly`: works, and something is lost. `off`: the tenant does not use it. `missing`: does not
 * work. `unknown`: Billing gave no answer that tells.
 */
export type FeatureState = 'ok' | 'partly' | 'off' | 'missing' | 'unknown';

export interface JudgedFeature {
  readonly id: string;
  readonly name: string;
  readonly essential: boolean;
  readonly state: FeatureState;
  /** The way in which it works; null when it does not. */
  readonly by: string | null;
  /** Custom fields or objects that were found; null where the feature lists none. */
  readonly found: readonly string[] | null;
  /** What this way and better ones lack: objects, `Object.Field`s, APIs. */
  readonly missing: readonly string[];
  /** What follows from that, or is worth knowing; null when all is well. */
  readonly consequence: string | null;
  /** What to do; null when there is nothing. */
  readonly remedy: string | null;
}

type Judgement = Pick<JudgedFeature, 'state' | 'by' | 'consequence' | 'remedy'>;

/** What the credentials' access means for a feature: the first of its ways that is open decides. */
export function judge(feature: Feature, access: Access): JudgedFeature {
  const { id, name, essential, ways } = feature;
  const tried = ways.map((way) => ({ way, lacks: lacksOf(way.needs, access) }));
  const at = tried.findIndex(({ lacks }) => lacks.every(({ fills }) => fills.length > 0));
  const closed = at < 0 ? tried : tried.slice(0, at);
  // A way that nobody could tell to be closed may be open.
  const told = closed.every(({ lacks }) => lacks.some(isTold));
  const open = tried[at];
  const missing = [...closed, ...(open === undefined ? [] : [open])].flatMap(({ lacks }) => lacks);
  const found = foundBy(feature, access);

  const { state, by, consequence, remedy } =
    open === undefined
      ? judgeClosed(feature, access, told)
      : judgeOpen(feature, { ...open.way, lacks: open.lacks, told, found });
  const what = [...new Set(missing.map((lack) => lack.what))];
  return { id, name, essential, state, by, found, missing: what, consequence, remedy };
}

/** The objects and fields that the feature needs and does not get, in all of its ways; each choice of several. */
export function lackedBy({ ways }: Feature, access: Access): string[] {
  return ways.flatMap(({ needs }) => lacksOf(needs, access).flatMap(({ what }) => what.split(' or ')));
}

const isTold = ({ verdict, fills }: Lack): boolean => verdict !== 'unknown' && fills.length === 0;

function judgeClosed({ off, without, remedy }: Feature, access: Access, told: boolean): Judgement {
  const unused =
    off?.without.every((need) => lacksOf([need], access).some(({ verdict }) => verdict === 'absent')) ??
    false;
  if (unused) return { state: 'off', by: null, consequence: off?.means ?? null, remedy: null };
  return { state: told ? 'missing' : 'unknown', by: null, consequence: without, remedy };
}

interface OpenWay {
  readonly by: string;
  readonly note: string | null;
  readonly partial: boolean;
  readonly lacks: readonly Lack[];
  readonly told: boolean;
  readonly found: JudgedFeature['found'];
}

function judgeOpen({ lists, without, remedy }: Feature, way: OpenWay): Judgement {
  const { by, note, partial, lacks, told, found } = way;
  if (lists !== undefined && found === null) {
    return { state: 'unknown', by, consequence: 'Billing does not tell which there are.', remedy };
  }
  if (found?.length === 0) return { state: 'off', by, consequence: 'None was found.', remedy };
  const empty = [...new Set(lacks.flatMap(({ fills }) => fills))];
  if (empty.length > 0) {
    const consequence = `Empty unless mapped from elsewhere: ${empty.join(', ')}.`;
    return { state: 'partly', by, consequence, remedy };
  }
  if (partial) return { state: told ? 'partly' : 'unknown', by, consequence: without, remedy };
  return { state: 'ok', by, consequence: note, remedy: null };
}

function foundBy({ lists }: Feature, { objects, customObjects }: Access): readonly string[] | null {
  if (lists === undefined) return null;
  if (lists === 'custom-objects') return customObjects;
  return [...objects.values()].flatMap(({ object, custom }) => custom.map((name) => `${object}.${name}`));
}
