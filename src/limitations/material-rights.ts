import { MATERIAL_RIGHT } from '../domain/requests/refusals.ts';
import { defineLimitation } from './limitation.ts';

/** Whatever is asked of a material right is refused (src/domain/requests/request.ts). */
export const materialRights = defineLimitation({
  id: MATERIAL_RIGHT.limitation,
  heading: 'Material rights',
  scope: 'contract action',
  outcome: 'refuse',
  checkedAt: ['request check'],
  does: 'Refuses every request for a material right.',
  remedy: MATERIAL_RIGHT.remedy,
});
