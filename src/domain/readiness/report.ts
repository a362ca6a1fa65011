import type { TemplateType } from '../mapping/transaction-template.ts';

/**
 * `enforced`: nothing of it can be seen in Billing before go-live; revsync sees to it when it happens. `cannot-tell`: something
 * that has to be looked at was not read.
 */
export type RuleStatus = 'not-affected' | 'affected' | 'enforced' | 'cannot-tell';

/** What it means for go-live, the gravest first: the enablement waits, lines are kept from contracts, or neither. */
export type Weight = 'blocks' | 'stops' | 'changes' | 'reports';

/** A sum, as exact text; no currency where the tenant has none. */
export interface Sum {
  readonly currency: string | null;
  readonly amount: string;
  /** The sum without signs: of amounts of both signs it tells more than the other. */
  readonly gross: string;
}

/** Something of the tenant that a rule concerns. */
export interface Sample {
  readonly entity: string;
  readonly object: string;
  readonly id: string;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly detail: string | null;
}

/** Why nobody can tell: an object that a rule has to look at. */
export interface Untold {
  readonly entity: string;
  readonly object: string;
  /** `not-read`: no run has extracted it. `refused`: Billing keeps it from the credentials. */
  readonly reason: 'not-read' | 'refused';
}

/** A setting of Billing, as one entity has it. */
export interface ReadinessSetting {
  readonly entity: string;
  readonly setting: string;
  readonly name: string;
  /** As Billing spells it; null: not told. */
  readonly value: string | null;
  readonly required: string;
  readonly fits: boolean | null;
  /** False: advice, which nothing waits for. */
  readonly binding: boolean;
  readonly why: string;
}

/** A known limitation, or a practice to avoid, as this tenant meets it. Counts are exact text. */
export interface ReportedRule {
  readonly id: string;
  /** The source's heading. */
  readonly heading: string;
  readonly point: number | null;
  readonly outcome: string;
  readonly weight: Weight;
  readonly status: RuleStatus;
  /** The status in words. */
  readonly why: string;
  readonly count: string;
  readonly amounts: readonly Sum[];
  readonly entities: readonly { readonly entity: string; readonly count: string }[];
  readonly samples: readonly Sample[];
  readonly untold: readonly Untold[];
  /** Settings that run into it: they do not fit, or are not told. */
  readonly settings: readonly ReadinessSetting[];
  readonly does: string;
  readonly before: string | null;
  readonly remedy: string;
  /** Path of its page in the project's documentation. */
  readonly page: string | null;
}

/** Where an entity's figures come from. */
export interface DataSource {
  readonly entity: string;
  readonly displayName: string;
  readonly org: string;
  /** `sync`: what runs brought. `readiness`: what readiness loaded itself. `none`: nothing is here. */
  readonly source: 'sync' | 'readiness' | 'none';
  /** The newest run that brought anything. */
  readonly run: string | null;
  /** The end of its window, ISO instant. */
  readonly asOf: string | null;
  /** Objects of the catalogue that no run has extracted. */
  readonly notRead: readonly string[];
}

/** Something that the credentials lack: an object, a field, an interface, an entity; each once. */
export interface LackedPermission {
  readonly what: string;
  /** `setting`: what has settings read, which is not an access to data. */
  readonly kind: 'data' | 'setting';
  readonly state: string;
  readonly entities: readonly string[];
  /** What would not work without it. */
  readonly consequence: string;
  readonly remedy: string;
}

export interface ReadinessFeature {
  readonly entity: string;
  readonly feature: string;
  readonly on: boolean | null;
  readonly how: string;
}

/** Whether lines of a type have to be formed for an entity, and by which template. */
export interface TemplateNeed {
  readonly entity: string;
  readonly type: TemplateType;
  /** The object whose rows become its lines. */
  readonly driver: string;
  /** Its rows, as exact text; null: no run has read them, so nobody can tell. */
  readonly rows: string | null;
  readonly needed: boolean | null;
  readonly template: string | null;
}

/** A custom field that rows of an entity were seen with, and what maps it there. */
export interface CustomFieldUse {
  readonly entity: string;
  readonly object: string;
  readonly field: string;
  readonly filled: string;
  readonly rows: string;
  /** Percent of the rows, exact to one decimal; null without rows. */
  readonly rate: string | null;
  /** Default templates of the entity that read it. */
  readonly mappedBy: readonly string[];
  /** A row to add to a template; null where it is mapped, empty, or cannot be reached. */
  readonly suggestion: { readonly type: TemplateType; readonly from: string; readonly to: string } | null;
}

export interface ReadinessSummary {
  /** Limitations by status, as exact text. */
  readonly limitations: Readonly<Record<RuleStatus, string>>;
  /** Practices that the tenant does not follow. */
  readonly practices: string;
  /** Settings that revenue depends on and that do not fit, each once; in how many entities; those not told. */
  readonly settingsToChange: string;
  readonly entitiesToChange: string;
  readonly settingsUnknown: string;
  readonly permissionsLacking: string;
  /**
   * At stake by the weight of what is affected, but for `changes`. Sums of the rules' own sums: what two rules concern counts in both.
   */
  readonly amounts: readonly { readonly weight: Weight; readonly sums: readonly Sum[] }[];
  /** What to do first, in order. */
  readonly first: readonly Step[];
}

/** Something to do before go-live. */
export interface Step {
  readonly weight: Weight | 'look';
  readonly title: string;
  readonly what: string;
  /** The rule it is about, or null. */
  readonly rule: string | null;
}

/** What a tenant would meet when it went live. */
export interface ReadinessReport {
  readonly tenant: string;
  readonly revsync: string;
  /** ISO instant. */
  readonly madeAt: string;
  /** Whether Billing was asked, or why not. */
  readonly billing: { readonly asked: boolean; readonly note: string };
  readonly summary: ReadinessSummary;
  readonly data: readonly DataSource[];
  readonly limitations: readonly ReportedRule[];
  readonly practices: readonly ReportedRule[];
  readonly settings: readonly ReadinessSetting[];
  readonly features: readonly ReadinessFeature[];
  /** Null: Billing was not asked. */
  readonly permissions: readonly LackedPermission[] | null;
  readonly templates: readonly TemplateNeed[];
  readonly customFields: readonly CustomFieldUse[];
}
