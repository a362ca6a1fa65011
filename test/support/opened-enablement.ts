import { newEnablement } from '../../src/domain/enablement/enablement-state.ts';
import type { StepNumber } from '../../src/domain/enablement/step.ts';
import type { EnablementView, StepView } from '../../src/domain/enablement/view.ts';
import { type EnablementRequest, openEnablement } from '../../src/store/enablement/open-enablement.ts';
import type { TestDatabase } from './database.ts';

const lives = async (): Promise<boolean> => false;
let runs = 0;

/** Opens an enablement of `demo` for a workflow run that no other test is; answers its id. */
export async function opened(
  { db }: Pick<TestDatabase, 'db'>,
  request: Partial<EnablementRequest> = {},
): Promise<string> {
  runs += 1;
  const owner = { workflowId: 'enablement/demo', runId: `run-${runs}` };
  return openEnablement(
    db,
    { tenant: 'demo', owner, named: null, forced: false, by: 'ann', ...request },
    lives,
  );
}

/** How the workflow would tell of an enablement, with some steps changed. */
export function viewOf(
  status: EnablementView['status'],
  changed: Partial<Record<StepNumber, Partial<StepView>>> = {},
  rest: Partial<EnablementView> = {},
): EnablementView {
  return {
    workflow: 'enablement',
    tenant: 'demo',
    status,
    steps: newEnablement().steps.map((step) => ({ ...step, ...changed[step.step] })),
    awaiting: null,
    kept: [],
    ignored: [],
    refused: [],
    ...rest,
  };
}

/** Step 5 asks. */
export const AWAITING: NonNullable<EnablementView['awaiting']> = {
  step: 5,
  message: 'Two custom fields have values.',
  remedy: 'Map them, or map none.',
  example: { update: 'answer', data: { step: 5, value: { approve: true }, by: '...' } },
  skip: { step: 5, reason: '...', by: '...' },
  since: '2025-08-01T12:00:00.000Z',
  reminders: 0,
};
