import { GUARDED_LABELS } from '../domain/mapping/staging-fields.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';

const id = 'same-version-recollection';

/**
 * A collected subscription version that comes again with other values in a guarded field. Enforced where lines are
 * formed again (src/store/recollect), with the text of its hold in src/domain/holds.ts. Before go-live nothing is
 * collected, so Billing shows nothing of it.
 */
export const sameVersionRecollection = defineLimitation({
  id,
  heading: 'Collecting subscriptions of the same version',
  scope: 'line',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: `Compares every row of a collected version with its line; where ${GUARDED_LABELS.join(', ')} differ, the new form of the line is stopped and the collected one stays.`,
  remedy:
    'Correct the subscription in Billing by a new version, or release the stopped line as correction or amendment of the collected one (`revsync hold release`), or reject it (`revsync hold reject`).',
  inStaging: heldBy(id),
});
