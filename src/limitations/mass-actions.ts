import { MASS_ACTION } from '../domain/requests/refusals.ts';
import { defineLimitation } from './limitation.ts';

/** Answered by src/domain/requests/mass-action.ts, and by the commands of revsync that take ids. */
export const massActions = defineLimitation({
  id: MASS_ACTION.limitation,
  heading: 'Mass actions',
  scope: 'contract action',
  outcome: 'refuse',
  checkedAt: ['request check'],
  does: 'Takes mass actions on revenue contracts; refuses those on obligations, on lines and on schedules, and ids of such in `revsync contract hold`, `release`, `close`, `open` and `regroup`.',
  remedy: MASS_ACTION.remedy,
});
