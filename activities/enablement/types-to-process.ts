import { TEMPLATE_TYPES, type TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import type { Db } from '../../src/store/database.ts';
import { type FormingEntity, formingEntities } from '../../src/store/enablement/forming-entities.ts';
import { readTemplateUse } from '../../src/store/readiness/template-needs.ts';
import { missingTypes } from '../../src/store/templates.ts';

/** An entity and the types whose lines it has to form, bookings first. */
export interface EntityTypes {
  readonly entity: string;
  readonly org: string;
  readonly types: readonly TemplateType[];
}

export interface TypesToProcess {
  readonly entities: readonly EntityTypes[];
  /** Those that have nothing to form lines of, as a parent that only holds others. */
  readonly withoutAccounts: readonly string[];
  /** Those of which nobody knows, since their data is not here. */
  readonly notRead: readonly string[];
}

/**
 * The types that each entity requires by whether it has Invoice Settlement, all where nobody knows, and those that it has
 * rows of: adjustments stay where memos took over from them.
 */
export async function typesToProcess(db: Db): Promise<TypesToProcess> {
  const known = await formingEntities(db);
  const { needs } = await readTemplateUse(
    db,
    known.map(({ entity }) => entity),
  );
  const typesOf = ({ entity, settlement }: FormingEntity): TemplateType[] => {
    const required = settlement === null ? TEMPLATE_TYPES : missingTypes([], settlement);
    const withRows = needs.filter((each) => each.entity === entity && each.needed === true);
    return TEMPLATE_TYPES.filter(
      (type) => required.includes(type) || withRows.some((each) => each.type === type),
    );
  };
  const nobodyHas = known.every(({ accounts }) => !accounts);
  const forms = known.filter(({ accounts }) => accounts || nobodyHas);
  const others = known.filter((each) => !forms.includes(each));
  const keysOf = (read: boolean) => others.filter((each) => each.read === read).map(({ entity }) => entity);
  return {
    entities: forms.map((each) => ({ entity: each.entity, org: each.org, types: typesOf(each) })),
    withoutAccounts: keysOf(true),
    notRead: keysOf(false),
  };
}
