import { invariant } from '../../src/domain/errors.ts';
import type { PlannedCopy } from '../../src/domain/enablement/template-plan.ts';
import type { TemplateTrial } from '../../src/domain/enablement/template-turns.ts';
import { isAttribute } from '../../src/domain/mapping/input-values.ts';
import type { Db } from '../../src/store/database.ts';
import { type DryRun, type TrialRun, trialRun } from '../../src/store/dry-run/dry-run.ts';
import type { DefaultTemplate } from '../../src/store/templates.ts';
import { lookForDefault, type TemplateVersion } from '../../src/store/templates/template-versions.ts';

const SAMPLES = 3;
const MOST_ATTRIBUTES = 2;
const OF_EVERY_LINE = ['Ext Sell Price', 'Transaction Currency', 'Revenue Start Date'];

/**
 * Forms lines by a copy of the data that is here, without a trace, and compares them with what is formed without it:
 * those that are collected, too, so that a tenant that has collected everything sees what the copy does.
 */
export async function tryTemplate(
  db: Db,
  { entity, org }: PlannedCopy,
  version: TemplateVersion,
): Promise<TemplateTrial> {
  const request = {
    entity,
    org,
    before: await usedBefore(db, version),
    after: asDefault(version),
    samples: SAMPLES,
  };
  const attributes = version.template.rows.flatMap(({ to }) => (isAttribute(to) ? [to] : []));
  const labels = [...OF_EVERY_LINE, ...attributes.slice(0, MOST_ATTRIBUTES)];
  const trial = await trialRun(db, request, labels);
  const { added, removed, changed, unchanged } = trial.compared.lines;
  const fields = changedFields(trial);
  return {
    entity,
    template: version.id,
    ...trial.formed,
    collected: trial.restated.lines,
    standing: String(BigInt(unchanged) + BigInt(changed) + BigInt(removed)),
    same:
      fields.length === 0 && [added, removed, changed, trial.restated.unlike].every((count) => count === '0'),
    changed: fields,
    neverExtracted: trial.compared.neverExtracted.map(nameOf),
  };
}

/** On lines that are collected and on others, each field once. */
function changedFields({ compared, restated }: TrialRun): TemplateTrial['changed'] {
  const lines = new Map(compared.fields.map((field) => [field.label, BigInt(field.lines)]));
  for (const field of restated.changed) {
    lines.set(field.label, (lines.get(field.label) ?? 0n) + BigInt(field.lines));
  }
  return [...lines].map(([label, count]) => ({ label, lines: String(count) }));
}

/** Once the copy itself is used, that is the default of all entities: a step that is repeated says the same. */
async function usedBefore(db: Db, { id, type, entity }: TemplateVersion): Promise<DefaultTemplate> {
  const own = await lookForDefault(db, type, entity);
  const used = own?.id === id ? await lookForDefault(db, type, null) : own;
  invariant(used !== undefined, `no default template of type ${type}`);
  return asDefault(used);
}

const asDefault = ({ name, version, template }: TemplateVersion): DefaultTemplate => ({
  name,
  version,
  body: template,
});

const nameOf = ({ object, field }: DryRun['neverExtracted'][number]): string =>
  field === null ? object : `${object}.${field}`;
