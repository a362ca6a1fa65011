import { fieldsRead } from '../../domain/mapping/fields-read.ts';
import type { Db } from '../database.ts';
import { defaultTemplates } from '../templates.ts';

/** The fields of an object that lines of the entity are formed from by the templates in use. */
export async function mappedFields(db: Db, entity: string, object: string): Promise<ReadonlySet<string>> {
  const templates = await defaultTemplates(db, entity);
  const fields = templates.flatMap(({ body }) => fieldsRead(body));
  return new Set(fields.flatMap((each) => (each.object === object ? [each.field] : [])));
}
