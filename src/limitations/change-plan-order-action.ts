import { sql } from 'kysely';

import { segmentsIn, statesMadeBy } from './charge-states.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';
import { ACTION_OBJECTS, versionsMadeBy } from './subscription-actions.ts';

const id = 'change-plan-order-action';

const states = (entity: string) =>
  statesMadeBy(
    entity,
    sql`select name, version, concat('version ', version, ' of subscription ', name, ' was made by a Change Plan action') as detail
      from (${versionsMadeBy(entity, 'changeplan')}) as made`,
  );

const remedy =
  'In Billing, undo the order and do the same by removing the product and adding the other one. If the order has to stay, set the exclusion flags of the charge or reject the line, and account for the change outside.';

/** Orders that swap one rate plan for another in a single action. */
export const changePlanOrderAction = defineLimitation({
  id,
  heading: 'Change Plan order action',
  scope: 'contract action',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops the bookings of the charge segments that the action made or changed, in later subscription versions too. Segments that it left alone go on.',
  remedy,
  before: 'Stop using Change Plan: remove the product and add the other one by two order actions.',
  inBilling: segmentsIn(states, ACTION_OBJECTS),
  inStaging: heldBy(id),
  stop: {
    states,
    text: {
      message: '{source} cannot be booked: {detail}, and Change Plan is not supported.',
      remedy: `${remedy} The line goes on by itself when the action is gone or another version changed the charge.`,
    },
    instead: [],
  },
});
