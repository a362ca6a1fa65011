import { settledMapping } from '../../src/domain/enablement/custom-field-proposal.ts';
import { refusalOfCustomFields, turnOfCustomFields } from '../../src/domain/enablement/custom-field-turns.ts';
import type { CustomFieldsAnswer } from '../../src/domain/enablement/step-05-custom-fields.ts';
import type { Dependencies } from '../dependencies.ts';
import { readCustomFields } from './read-custom-fields.ts';
import type { StepWork } from './step-work.ts';
import { typesToProcess } from './types-to-process.ts';

/** Proposes an attribute for every custom field and takes the mapping; the templates of the next step follow it. */
export function createStep05({ db }: Dependencies): StepWork<CustomFieldsAnswer> {
  const facts = async () => readCustomFields(db, (await typesToProcess(db)).entities);
  return {
    advance: async ({ answer }) => turnOfCustomFields(await facts(), answer),
    refusal: async (answer) => refusalOfCustomFields(answer, await facts()),
    settled: async (answer) => settledMapping(answer, await facts()),
  };
}
