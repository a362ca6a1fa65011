import type { TemplateType } from '../src/domain/mapping/transaction-template.ts';
import { defaultTemplates } from '../src/store/templates.ts';
import { type TransformCounts, transformType } from '../src/store/transform/transform-type.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import type { OpenedRun } from './open-run.ts';
import { requiredTemplates, templateMissing } from './required-templates.ts';

export function createTransformActivities({ db }: Dependencies) {
  return {
    /** The transaction types to form, bookings first; every one of them has a default template. */
    async templateTypes({ entity }: { entity: string }): Promise<TemplateType[]> {
      return (await requiredTemplates(db, entity)).map(({ body }) => body.type);
    },

    /** Forms the lines of one transaction type (enablement step 6). Safe to repeat. */
    async transform({ run, entity, org }: OpenedRun, type: TemplateType): Promise<TransformCounts> {
      const template = (await defaultTemplates(db, entity)).find(({ body }) => body.type === type);
      if (template === undefined) throw templateMissing(entity, [type]);
      return whileHeartbeating(() => transformType(db, { run, entity, org, template }));
    },
  };
}
export type TransformActivities = ReturnType<typeof createTransformActivities>;
