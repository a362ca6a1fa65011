import { sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { ROUTES } from '../../domain/mapping/routes.ts';
import { SEEDED_TEMPLATES } from '../../domain/mapping/seeded/seeded-templates.ts';
import { TEMPLATE_TYPES } from '../../domain/mapping/transaction-template.ts';
import type { ActiveTemplate } from '../../domain/readiness/suggest-mapping.ts';
import type { TemplateNeed } from '../../domain/readiness/report.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { type DefaultTemplate, defaultTemplates } from '../templates.ts';

export interface TemplateUse {
  readonly needs: readonly TemplateNeed[];
  /** The default templates of each entity. */
  readonly templates: ReadonlyMap<string, readonly ActiveTemplate[]>;
}

/**
 * Which transaction types each entity has rows for, and which default templates form them.
 *
 * @param isUntold whether nobody can tell what an entity has of an object, since it was not read
 */
export async function readTemplateUse(
  db: Db,
  entities: readonly string[],
  isUntold: (entity: string, object: string) => boolean = () => false,
): Promise<TemplateUse> {
  const counts = await driverRows(db, entities);
  const defaults: { readonly entity: string; readonly templates: readonly Default[] }[] = [];
  for (const entity of entities)
    defaults.push({ entity, templates: withSeeded(await defaultTemplates(db, entity)) });
  const needs = defaults.flatMap(({ entity, templates }) =>
    TEMPLATE_TYPES.map((type): TemplateNeed => {
      const { driver } = ROUTES[type];
      const rows = isUntold(entity, driver) ? null : (counts.get(`${entity} ${type}`) ?? '0');
      const found = templates.find(({ body }) => body.type === type);
      return {
        entity,
        type,
        driver,
        rows,
        needed: rows === null ? null : rows !== '0',
        template: found === undefined ? null : nameOf(found),
      };
    }),
  );
  return { needs, templates: new Map(defaults.map(({ entity, templates }) => [entity, templates])) };
}

interface Default extends ActiveTemplate {
  /** Null: the first sync makes it. */
  readonly version: number | null;
}

/** A sync makes the pre-configured templates the defaults of types that have none, before it does anything else. */
function withSeeded(templates: readonly DefaultTemplate[]): readonly Default[] {
  const types = new Set(templates.map(({ body }) => body.type));
  const seeded = SEEDED_TEMPLATES.filter(({ type }) => !types.has(type));
  return [...templates, ...seeded.map((body) => ({ name: body.name, version: null, body }))];
}

const nameOf = ({ name, version }: Default): string =>
  version === null ? `${name}, made by the first sync` : `${name}, version ${version}`;

async function driverRows(db: Db, entities: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const counts = TEMPLATE_TYPES.map(
    (type) => sql`
      select entity || ${` ${type}`} as key, count(*) as rows from ${prestagingTable(objectOf(ROUTES[type].driver))}
      where not deleted and entity = any(${entities}) group by entity`,
  );
  const { rows } = await sql<{ key: string; rows: string }>`${sql.join(counts, sql` union all `)}`.execute(
    db,
  );
  return new Map(rows.map(({ key, rows: count }) => [key, count]));
}
