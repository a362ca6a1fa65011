import { type MappedField, mappingOf } from '../../src/domain/enablement/custom-field-proposal.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import { CustomFieldsAnswer } from '../../src/domain/enablement/step-05-custom-fields.ts';
import type { JsonObject } from '../../src/domain/enablement/step.ts';
import type { EntityTemplates, UsedTemplate } from '../../src/domain/enablement/template-plan.ts';
import type { Db } from '../../src/store/database.ts';
import { listTemplates, type TemplateVersion } from '../../src/store/templates/template-versions.ts';
import { readCustomFields } from './read-custom-fields.ts';
import { type EntityTypes, type TypesToProcess, typesToProcess } from './types-to-process.ts';

/** The entities with the defaults that they use, and those that need no templates. */
export interface FoundTemplates extends Omit<TypesToProcess, 'entities'> {
  readonly entities: readonly EntityTemplates[];
}

/** @throws RevsyncError `ENTITY_UNKNOWN` where no entity is known, and so nothing could be made */
export async function readTemplates(db: Db, writer: string): Promise<FoundTemplates> {
  const { entities, ...others } = await typesToProcess(db);
  if (entities.length === 0) throw noEntity();
  const defaults = await listTemplates(db, { status: 'default' });
  const used = (entity: string, type: string): UsedTemplate[] => {
    const own = defaults.find((each) => each.type === type && each.entity === entity);
    const found = own ?? defaults.find((each) => each.type === type && each.entity === null);
    return found === undefined ? [] : [usedTemplate(found, writer)];
  };
  return {
    entities: entities.map((each) => ({
      ...each,
      used: each.types.flatMap((type) => used(each.entity, type)),
    })),
    ...others,
  };
}

const usedTemplate = (
  { id, type, template, seeded, createdBy }: TemplateVersion,
  writer: string,
): UsedTemplate => ({ id, type, template, madeBy: seeded || createdBy === writer ? null : createdBy });

function noEntity(): RevsyncError {
  return new RevsyncError(
    'No entity of the tenant is known, so that there is nothing to make templates for.',
    {
      code: 'ENTITY_UNKNOWN',
      fate: 'fix-input',
      remedy: 'Amend step 4, which reads the tenant, or send `retry` once a sync has read it.',
    },
  );
}

/** The mapping of the custom fields that step 5 ended with; none where it was skipped or does not apply. */
export async function mappedFields(
  db: Db,
  entities: readonly EntityTypes[],
  answer: JsonObject | undefined,
): Promise<readonly MappedField[]> {
  if (answer === undefined) return [];
  return mappingOf(CustomFieldsAnswer.parse(answer), await readCustomFields(db, entities));
}
