import type { TemplateType } from '../src/domain/mapping/transaction-template.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { defaultTemplates } from '../src/store/templates.ts';
import { type TransformCounts, transformType } from '../src/store/transform/transform-type.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import type { OpenedRun } from './open-run.ts';

export function createTransformActivities({ db }: Dependencies) {
  return {
    /** The transaction types that have a default template, bookings first. */
    async templateTypes({ entity }: { entity: string }): Promise<TemplateType[]> {
      return (await defaultTemplates(db, entity)).map(({ body }) => body.type);
    },

    /** Forms the lines of one transaction type (enablement step 6). Safe to repeat. */
    async transform({ run, entity, org }: OpenedRun, type: TemplateType): Promise<TransformCounts> {
      const template = (await defaultTemplates(db, entity)).find(({ body }) => body.type === type);
      if (template === undefined) {
        throw new RevsyncError(`No template of type ${type} is the default for ${entity}.`, {
          code: 'TEMPLATE_MISSING',
          fate: 'fix-input',
          remedy: 'Make a frozen template of that type the default, then send `retry`.',
          context: { entity, type },
        });
      }
      return whileHeartbeating(() => transformType(db, { run, entity, org, template }));
    },
  };
}
export type TransformActivities = ReturnType<typeof createTransformActivities>;
