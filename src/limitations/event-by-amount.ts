import { EVENT } from '../domain/requests/refusals.ts';
import { defineLimitation } from './limitation.ts';

/** Events are not processed yet; the request for one is answered (src/domain/requests/event.ts). */
export const eventByAmount = defineLimitation({
  id: EVENT.limitation,
  heading: 'Event processing',
  scope: 'contract action',
  outcome: 'refuse',
  checkedAt: ['request check'],
  does: 'Accepts events By Percent on every charge and By Amount on one-time and usage charges; refuses By Amount on recurring charges, and By Quantity.',
  remedy: EVENT.remedy,
});
