import type { Db } from '../database.ts';
import { transformType } from '../transform/transform-type.ts';
import type { BenchTenant } from './bench-tenant.ts';

/** Forms the lines of all types, one after another as a run does. The tenant has memos, so its adjustments form nothing. */
export async function formAll(db: Db, { entity, org, run, templates }: BenchTenant): Promise<void> {
  for (const template of templates) {
    if (template.body.type !== 'IIA') await transformType(db, { run, entity, org, template });
  }
}
