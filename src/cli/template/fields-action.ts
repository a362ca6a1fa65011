import { type MappableField, mappableFields } from '../../domain/mapping/mappable-fields.ts';
import { TEMPLATE_TYPES, type TemplateType } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../../store/database.ts';
import { customFields } from '../../store/templates/custom-fields.ts';
import { lookForDefault } from '../../store/templates/template-versions.ts';
import { entityKey } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { withTemplates } from './with-templates.ts';

interface FieldsOptions {
  readonly type?: TemplateType;
  readonly entity?: string;
  readonly object?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

/** A mappable field, and the staging field that the default template fills with it. */
type ListedField = MappableField & { readonly mappedTo: string | null };

const LOOK: ListLook<ListedField> = {
  header: ['template', 'from', 'type', 'filled', 'to'],
  cells: ({ template, path, object, field, type, inputType, attributesOnly, filled, rows, mappedTo }) => [
    template,
    clipped(path ?? `<lookup>.${object}.${field}`, 70),
    type === 'custom' ? 'custom' : `${type} (${inputType})`,
    filled === null ? '' : `${filled} of ${rows ?? '0'}`,
    mappedTo ?? (attributesOnly ? 'ATR1-ATR60' : ''),
  ],
  empty: 'No object of that name can be reached from the lines of the type.',
  idOf: ({ path, object, field }) => path ?? `${object}.${field}`,
};

/** Lists what rows of templates can name. */
export async function fieldsAction({ json = false, limit, type, ...asked }: FieldsOptions): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const entity = await entityKey(db, asked.entity);
    const seen = await customFields(db, entity);
    const types = type === undefined ? TEMPLATE_TYPES : [type];
    const all = await Promise.all(types.map((each) => listed(db, each, entity, mappableFields(each, seen))));
    const fields = all
      .flat()
      .filter(({ object, path }) => asked.object === undefined || isOf(asked.object, object, path));
    await printList(output, (most, take) => take(fields.slice(0, most)), LOOK, limit);
  });
}

/** By the object's name, or by the path that leads to it. */
const isOf = (asked: string, object: string, path: string | null): boolean =>
  object === asked || path?.slice(0, path.lastIndexOf('.')) === asked;

async function listed(
  db: Db,
  type: TemplateType,
  entity: string | undefined,
  fields: readonly MappableField[],
): Promise<ListedField[]> {
  const used = await lookForDefault(db, type, entity ?? null);
  const labels = new Map(used?.template.rows.map(({ from, to }) => [from, to]));
  return fields.map((field) => ({ ...field, mappedTo: labels.get(field.path ?? '') ?? null }));
}
