import type { Db } from '../../store/database.ts';
import { dryRun, type DryRun } from '../../store/dry-run/dry-run.ts';
import { entitiesConcerned } from '../../store/dry-run/entities-concerned.ts';
import type { DefaultTemplate } from '../../store/templates.ts';
import type { Output } from '../output.ts';
import type { Side } from './diff-sides.ts';

interface DiffData {
  /** Of each entity concerned, in key order. */
  readonly data: readonly DryRun[];
  /** Why there is none; null where there is. */
  readonly withoutData: string | null;
}

/** What the change from one template to the other would do to the lines of each entity concerned. */
export async function diffData(
  output: Output,
  db: Db,
  {
    before,
    after,
    asked,
    samples,
  }: { before: Side; after: Side; asked: string | undefined; samples: number },
): Promise<DiffData> {
  const concerned = await entitiesConcerned(db, { before: before.template, after: after.template, asked });
  if ('why' in concerned) return { data: [], withoutData: concerned.why };
  const data: DryRun[] = [];
  for (const { entity, org } of concerned.entities) {
    output.report(`Forming the ${after.template.type} lines of ${entity} by both, for comparison.`);
    data.push(await dryRun(db, { entity, org, before: usable(before), after: usable(after), samples }));
  }
  return { data, withoutData: null };
}

const usable = ({ version, template }: Side): DefaultTemplate => ({
  name: template.name,
  version,
  body: template,
});
