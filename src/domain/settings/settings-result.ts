import type { LimitationId } from '../limitations.ts';
import type { JudgedFeature } from './judge-features.ts';
import type { JudgedRule } from './judge-rules.ts';

/** A rule in an entity, as people and programs read it. */
export interface ReportedRule extends JudgedRule {
  readonly entity: string;
  readonly name: string;
  /** False: advice that nothing waits for. */
  readonly binding: boolean;
  /** The known limitation that a misfit runs into; null: none. */
  readonly limitation: LimitationId | null;
  readonly why: string;
}

export interface ReportedFeature extends JudgedFeature {
  readonly entity: string;
}

/** One write; `before` null: there was none. */
export interface SettingChange {
  readonly kind: 'profile' | 'lookup' | 'billing-setting' | 'tenant-name';
  readonly name: string;
  readonly code: string | null;
  readonly entity: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** A value that a person set and the sync left alone. */
export interface KeptSetting {
  readonly kind: 'profile' | 'lookup';
  readonly name: string;
  readonly code: string | null;
  readonly value: string;
  readonly setBy: string;
  /** ISO, UTC. */
  readonly setAt: string;
  /** What the sync would have written. */
  readonly wouldBe: string;
}

export interface SettingsReport {
  readonly outcome: 'completed' | 'nothing-to-do';
  readonly entities: readonly string[];
  readonly rules: readonly ReportedRule[];
  readonly features: readonly ReportedFeature[];
  readonly changes: readonly SettingChange[];
  readonly kept: readonly KeptSetting[];
  /** How many of each were left out to keep the report short; `settings list` and `profile list` have them all. */
  readonly leftOut: Readonly<Record<'entities' | 'rules' | 'features' | 'changes' | 'kept', number>>;
}

/** What each list may take, in bytes: a payload may have 256 KiB. */
const ROOM = { entities: 20_000, rules: 120_000, features: 25_000, changes: 45_000, kept: 20_000 };

/** The report without what is too much for a workflow's result; rules that do not fit come first where some are left out. */
export function shortened(report: Omit<SettingsReport, 'leftOut'>): SettingsReport {
  const rules = fitting(report.rules, ROOM.rules);
  const short = {
    entities: fitting(report.entities, ROOM.entities),
    rules: rules.length < report.rules.length ? fitting(report.rules.toSorted(byUrgency), ROOM.rules) : rules,
    features: fitting(report.features, ROOM.features),
    changes: fitting(report.changes, ROOM.changes),
    kept: fitting(report.kept, ROOM.kept),
  };
  const leftOut = (name: keyof typeof ROOM): number => report[name].length - short[name].length;
  return {
    outcome: report.outcome,
    ...short,
    leftOut: {
      entities: leftOut('entities'),
      rules: leftOut('rules'),
      features: leftOut('features'),
      changes: leftOut('changes'),
      kept: leftOut('kept'),
    },
  };
}

const byUrgency = (one: ReportedRule, other: ReportedRule): number => urgency(one) - urgency(other);
const urgency = ({ fits }: ReportedRule): number => (fits === false ? 0 : fits === null ? 1 : 2);

/** As many of the items, from the first on, as there is room for. */
function fitting<Item>(items: readonly Item[], room: number): readonly Item[] {
  let taken = 0;
  const end = items.findIndex((item) => (taken += sizeOf(item)) > room);
  return end < 0 ? items : items.slice(0, end);
}

const sizeOf = (item: unknown): number => new TextEncoder().encode(JSON.stringify(item)).length + 1;
