import { VC_FORMULA } from '../domain/requests/refusals.ts';
import { defineLimitation } from './limitation.ts';

/** Formulas are not processed yet; the request for one is answered (src/domain/requests/vc-formula.ts). */
export const variableConsiderationFormula = defineLimitation({
  id: VC_FORMULA.limitation,
  heading: 'Variable consideration',
  scope: 'contract action',
  outcome: 'refuse',
  checkedAt: ['request check'],
  does: 'Reads the formula and refuses one that reckons with the allocatable amount, under whatever name it has.',
  remedy: VC_FORMULA.remedy,
});
