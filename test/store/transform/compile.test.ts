import { join } from 'node:path';

import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { describe, expect, test } from 'vitest';

import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import { compileTemplate } from '../../../src/store/transform/compile.ts';
import { derivationOf } from '../../../src/store/transform/derivations.ts';
import { readableSql } from '../../support/readable-sql.ts';

/** Compiles and runs nothing. */
const nowhere = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const PARAMETERS = { entity: '<entity>', org: '<org>', run: '<run>', templateVersion: 0 };
const NAMES = {
  '<entity>': 'the entity',
  '<org>': 'its organisation',
  '<run>': 'the run',
  '0': 'the version of the template',
};

describe('compileTemplate', () => {
  // Each is one INSERT ... SELECT; `touched` holds the ids of the drivers that a run looks at.
  test.each(SEEDED_TEMPLATES)('compiles $name to SQL that a DBA can read', async (template) => {
    const plan = compileTemplate(template, derivationOf(template));
    const compiled = plan.insert({ ...PARAMETERS, rows: sql.table('touched') }).compile(nowhere);
    const file = join(import.meta.dirname, 'compiled', `${template.type.toLowerCase()}.sql`);
    await expect(`-- ${template.name}\n${readableSql(compiled, NAMES)}`).toMatchFileSnapshot(file);
  });
});
