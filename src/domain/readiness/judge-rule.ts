import { type EntityHits, mergeHits } from './merge-hits.ts';
import type { ReadinessSetting, ReportedRule, RuleStatus, Untold, Weight } from './report.ts';

/** A limitation or practice as data. */
export interface CheckedRule extends Pick<
  ReportedRule,
  'id' | 'heading' | 'point' | 'outcome' | 'does' | 'before' | 'remedy' | 'page'
> {
  /** The objects that have to be read to tell; null: it leaves nothing in Billing. */
  readonly objects: readonly string[] | null;
  /** Ids of settings that run into it when they do not fit. */
  readonly settings: readonly string[];
}

/** What was found out about a rule. */
export interface Evidence {
  readonly hits: readonly EntityHits[];
  /** Objects of its footprint that were not read, by entity. */
  readonly untold: readonly Untold[];
  /** Every setting of every entity, as far as Billing told. */
  readonly settings: readonly ReadinessSetting[];
}

/** Says whether a rule concerns the tenant, and why one thinks so. */
export function judgeRule(rule: CheckedRule, { hits, untold, settings }: Evidence): ReportedRule {
  const { objects, settings: ids, ...text } = rule;
  const merged = mergeHits(hits);
  const own = settings.filter(({ setting }) => ids.includes(setting));
  const misfits = own.filter(({ fits }) => fits === false);
  const unknown = own.filter(({ fits }) => fits === null);
  const read = { hits: merged.count !== '0', misfits: misfits.length > 0 };
  const silent = ids.length > 0 && (own.length === 0 || unknown.length > 0);
  const status = statusOf({ ...read, footprint: objects !== null, untold: untold.length > 0, silent, ids });
  return {
    ...text,
    ...merged,
    weight: weightOf(rule.outcome, misfits),
    status,
    why: whyOf(status, { count: merged.count, misfits, untold, silent }),
    untold,
    settings: [...misfits, ...unknown],
  };
}

interface Facts {
  readonly hits: boolean;
  readonly misfits: boolean;
  readonly footprint: boolean;
  readonly untold: boolean;
  readonly silent: boolean;
  readonly ids: readonly string[];
}

function statusOf({ hits, misfits, footprint, untold, silent, ids }: Facts): RuleStatus {
  if (hits || misfits) return 'affected';
  if (untold || silent) return 'cannot-tell';
  return footprint || ids.length > 0 ? 'not-affected' : 'enforced';
}

/** What an outcome of design section 10 means for go-live. */
const WEIGHTS: Readonly<Record<string, Weight>> = {
  refuse: 'changes',
  stop: 'stops',
  wait: 'stops',
  exclude: 'changes',
  derive: 'changes',
  standalone: 'changes',
  warn: 'reports',
};

/** The enablement waits for a binding setting that does not fit. */
function weightOf(outcome: string, misfits: readonly ReadinessSetting[]): Weight {
  if (misfits.some(({ binding }) => binding)) return 'blocks';
  return WEIGHTS[outcome] ?? 'reports';
}

interface Reasons {
  readonly count: string;
  readonly misfits: readonly ReadinessSetting[];
  readonly untold: readonly Untold[];
  readonly silent: boolean;
}

function whyOf(status: RuleStatus, { count, misfits, untold, silent }: Reasons): string {
  const lacking = [...new Set(untold.map(({ object }) => object))].join(', ');
  switch (status) {
    case 'affected': {
      const parts = [
        ...(count === '0' ? [] : [`${count} found in Billing`]),
        ...(misfits.length === 0
          ? []
          : [`set otherwise: ${[...new Set(misfits.map(({ name }) => name))].join('; ')}`]),
        ...(untold.length === 0 ? [] : [`there may be more, since ${lacking} was not read`]),
      ];
      return `${parts.join('; ')}.`;
    }
    case 'cannot-tell':
      return untold.length > 0
        ? `${lacking} ${refused(untold) ? 'is kept from the credentials' : 'was not read'}, so nobody can tell.`
        : 'Billing does not tell the setting that decides this, so nobody can tell.';
    case 'not-affected':
      return silent ? '' : 'Looked for, and none found.';
    case 'enforced':
      return 'It leaves nothing in Billing to be found beforehand; revsync sees to it when it happens.';
  }
}

const refused = (untold: readonly Untold[]): boolean => untold.every(({ reason }) => reason === 'refused');
