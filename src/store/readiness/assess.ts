import { type CheckedRule, judgeRule } from '../../domain/readiness/judge-rule.ts';
import type {
  CustomFieldUse,
  DataSource,
  ReadinessSetting,
  ReportedRule,
  TemplateNeed,
  Untold,
} from '../../domain/readiness/report.ts';
import { type EntityMapping, suggestMappings } from '../../domain/readiness/suggest-mapping.ts';
import { LIMITATIONS } from '../../limitations/all-limitations.ts';
import { PRACTICES } from '../../limitations/all-practices.ts';
import type { Footprint, Limitation } from '../../limitations/limitation.ts';
import type { Practice } from '../../limitations/practice.ts';
import { practiceTripleOf, tripleOf } from '../../limitations/triple.ts';
import type { Db } from '../database.ts';
import { customFields } from '../templates/custom-fields.ts';
import { readRuleHits } from './rule-hits.ts';
import { readTemplateUse } from './template-needs.ts';

/** What is known beside pre-staging. */
export interface Surroundings {
  readonly data: readonly DataSource[];
  readonly settings: readonly ReadinessSetting[];
  /** What Billing says of an object in an entity; null: it was not asked. */
  readonly access: (entity: string, object: string) => 'ok' | 'absent' | 'refused' | 'unknown' | null;
  readonly rules?: { readonly limitations: readonly Limitation[]; readonly practices: readonly Practice[] };
  readonly told?: (id: string) => void;
}

/** What pre-staging says of every rule, and of templates and custom fields. */
export interface Assessment {
  readonly limitations: readonly ReportedRule[];
  readonly practices: readonly ReportedRule[];
  readonly templates: readonly TemplateNeed[];
  readonly customFields: readonly CustomFieldUse[];
}

const ALL = { limitations: LIMITATIONS, practices: PRACTICES };

/** Looks for every known limitation and practice in what is extracted; writes nothing. */
export async function assess(db: Db, surroundings: Surroundings): Promise<Assessment> {
  const { data, settings, rules = ALL, told } = surroundings;
  const entities = data.filter(({ source }) => source !== 'none').map((each) => each.entity);
  const searched = [...rules.limitations, ...rules.practices].flatMap(({ id, inBilling }) =>
    inBilling === null ? [] : [{ id, hits: inBilling.hits.bind(inBilling) }],
  );
  const found = await readRuleHits(db, searched, entities, told);
  const judged = (rule: CheckedRule, footprint: Footprint | null): ReportedRule =>
    judgeRule(rule, {
      hits: found.get(rule.id) ?? [],
      untold: footprint === null ? [] : untoldOf(footprint.objects, surroundings),
      settings,
    });
  const isUntold = (of: string, object: string): boolean =>
    untoldOf([object], surroundings).some(({ entity }) => entity === of);
  const { needs, templates } = await readTemplateUse(db, entities, isUntold);
  const mappings: EntityMapping[] = [];
  for (const entity of entities) {
    const seen = await customFields(db, entity);
    mappings.push({ entity, seen, templates: templates.get(entity) ?? [] });
  }
  return {
    limitations: rules.limitations.map((rule) => judged(limitationData(rule), rule.inBilling)),
    practices: rules.practices.map((rule) => judged(practiceData(rule), rule.inBilling)),
    templates: needs,
    customFields: suggestMappings(mappings),
  };
}

/** Objects that have to be looked at and were not: what Billing does not have needs no look. */
function untoldOf(objects: readonly string[], { data, access }: Surroundings): Untold[] {
  return data.flatMap(({ entity, notRead }) =>
    objects
      .filter((object) => notRead.includes(object) && access(entity, object) !== 'absent')
      .map((object) => ({
        entity,
        object,
        reason: access(entity, object) === 'refused' ? ('refused' as const) : ('not-read' as const),
      })),
  );
}

const limitationData = (rule: Limitation): CheckedRule => ({
  id: rule.id,
  heading: rule.heading,
  point: rule.point,
  outcome: rule.outcome,
  does: rule.does,
  before: rule.before,
  remedy: rule.remedy,
  page: tripleOf(rule.id).page,
  objects: rule.inBilling?.objects ?? null,
  settings: rule.settings,
});

const practiceData = (practice: Practice): CheckedRule => ({
  id: practice.id,
  heading: practice.title,
  point: null,
  outcome: 'warn',
  does: practice.does,
  before: practice.before,
  remedy: practice.remedy,
  page: practiceTripleOf(practice.id).page,
  objects: practice.inBilling.objects,
  settings: [],
});
