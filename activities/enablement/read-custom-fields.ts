import {
  type CustomFieldFacts,
  customFieldFacts,
} from '../../src/domain/enablement/custom-field-proposal.ts';
import { TEMPLATE_TYPES } from '../../src/domain/mapping/transaction-template.ts';
import type { Db } from '../../src/store/database.ts';
import { customFields } from '../../src/store/templates/custom-fields.ts';
import type { EntityTypes } from './types-to-process.ts';

/** The custom fields of all entities, and what is proposed for the templates that any of them needs. */
export async function readCustomFields(db: Db, entities: readonly EntityTypes[]): Promise<CustomFieldFacts> {
  const types = TEMPLATE_TYPES.filter((type) => entities.some((each) => each.types.includes(type)));
  return customFieldFacts(await customFields(db), types);
}
