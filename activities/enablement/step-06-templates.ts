import { cancellationSignal } from '@temporalio/activity';

import type { TemplatesAnswer } from '../../src/domain/enablement/step-06-templates.ts';
import {
  planTemplates,
  type PlannedCopy,
  type TemplatePlan,
} from '../../src/domain/enablement/template-plan.ts';
import {
  asksForTemplates,
  type TemplateFacts,
  type TemplateTrial,
  templatesMade,
} from '../../src/domain/enablement/template-turns.ts';
import { ensureSeededTemplates } from '../../src/store/templates.ts';
import { freezeTemplate, makeDefault } from '../../src/store/templates/template-states.ts';
import type { TemplateVersion } from '../../src/store/templates/template-versions.ts';
import type { Dependencies } from '../dependencies.ts';
import { checkedCopies, keptCopies } from './template-copies.ts';
import { mappedFields, readTemplates } from './template-facts.ts';
import type { StepContext, StepWork } from './step-work.ts';
import { tryTemplate } from './try-template.ts';

type Context = StepContext<TemplatesAnswer>;
type Planned = TemplatePlan & Pick<TemplateFacts, 'withoutAccounts' | 'notRead'>;

/**
 * Makes the templates of every entity, shows what they form, and has them used once somebody approved.
 *
 * An approval is of what is there when it is taken: it freezes these very versions. What comes after it, because a
 * mapping was amended or a version could not be made before a crash, is not frozen and so is asked about again.
 */
export function createStep06(deps: Dependencies): StepWork<TemplatesAnswer> {
  const { db, tenant } = deps;
  const writer = `enablement/${tenant.tenant}`;

  return {
    async advance(context) {
      await ensureSeededTemplates(db);
      const plan = await planned(context);
      const versions = await checkedCopies(db, plan.copies, writer);
      const trials = await tried(plan.copies, versions);
      if (context.answer === null || !versions.every(isFrozen)) return asksForTemplates({ ...plan, trials });
      for (const version of versions) await makeDefault(db, { ...version, by: context.by ?? writer });
      return templatesMade({ ...plan, trials }, context.by);
    },

    async refusal(_answer, context) {
      const versions = await keptCopies(db, (await planned(context)).copies);
      // Where something is not as it was shown, nothing is approved, and the step asks again.
      if (versions === null) return null;
      for (const version of versions) await freezeTemplate(db, { ...version, by: context.by ?? writer });
      return null;
    },
  };

  async function planned(context: Context): Promise<Planned> {
    const { entities, ...others } = await readTemplates(db, writer);
    const mapping = await mappedFields(db, entities, context.answers[5]);
    return { ...planTemplates(entities, mapping), ...others };
  }

  async function tried(
    copies: readonly PlannedCopy[],
    versions: readonly TemplateVersion[],
  ): Promise<TemplateTrial[]> {
    const trials: TemplateTrial[] = [];
    for (const [at, copy] of copies.entries()) {
      const version = versions[at];
      cancellationSignal().throwIfAborted();
      if (version !== undefined) trials.push(await tryTemplate(db, copy, version));
    }
    return trials;
  }
}

const isFrozen = ({ status }: TemplateVersion): boolean => status === 'frozen' || status === 'default';
