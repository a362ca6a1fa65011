import type { TemplateType } from '../src/domain/mapping/transaction-template.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { defaultTemplates, missingTypes } from '../src/store/templates.ts';
import { invoiceSettlementOf } from '../src/store/tenancy.ts';
import { type TransformCounts, transformType } from '../src/store/transform/transform-type.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import type { OpenedRun } from './open-run.ts';

export function createTransformActivities({ db }: Dependencies) {
  return {
    /** The transaction types to form, bookings first; every one of them has a default template. */
    async templateTypes({ entity }: { entity: string }): Promise<TemplateType[]> {
      const defaults = await defaultTemplates(db, entity);
      const missing = missingTypes(defaults, await invoiceSettlementOf(db, entity));
      if (missing.length > 0) throw templateMissing(entity, missing);
      return defaults.map(({ body }) => body.type);
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

/** A sync refuses to leave a type out: its rows would never become lines. */
function templateMissing(entity: string, types: readonly TemplateType[]): RevsyncError {
  const list = types.join(', ');
  return new RevsyncError(`${entity} has no default template for ${list}.`, {
    code: 'TEMPLATE_MISSING',
    fate: 'fix-input',
    remedy:
      'Load, freeze and make a template of each the default (`revsync template default`), then send `retry`.',
    context: { entity, types: list },
  });
}
