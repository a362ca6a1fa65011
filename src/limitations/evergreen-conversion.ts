import { type RawBuilder, sql } from 'kysely';

import { isOneTime, isUsage } from './charge.ts';
import { segmentsIn, statesMadeBy } from './charge-states.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';
import { rowsOf } from './rows.ts';

const id = 'evergreen-conversion';

/** The first version of each subscription that made it of the other term type. */
const conversions = (entity: string): RawBuilder<unknown> => sql`
    select distinct on (later.name) later.name, later.version,
      concat('version ', later.version, ' made its ', lower(earlier.term_type), ' subscription ', later.name, ' ',
        lower(later.term_type)) as detail
    from ${rowsOf('Subscription', 'later')}
    join ${rowsOf('Subscription', 'earlier')} on earlier.entity = later.entity
      and earlier.id = later.previous_subscription_id and not earlier.deleted
    where later.entity = ${entity} and later.previous_subscription_id is not null and not later.deleted
      and lower(later.term_type) <> lower(earlier.term_type)
    order by later.name, later.version`;

/** What the term type decides the booking of, even of a charge that the conversion left as it was. */
const isRecurring = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`((${isOneTime(charge)} or ${isUsage(charge)}) is not true)`;

const states = (entity: string) => statesMadeBy(entity, conversions(entity), { carried: isRecurring });

/** Subscriptions that were termed and became evergreen, or the other way round. */
export const evergreenConversion = defineLimitation({
  id,
  heading: 'Evergreen subscriptions',
  scope: 'contract action',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops every booking of a recurring charge from the conversion on, carried over or not, and what else the conversion or a later version made or changed, until a person makes a contract for it. What is billed for it waits; later versions of the SO line then follow it.',
  remedy:
    'Make a contract for the SO lines by hand: `revsync contract create --lines <ids> --reason <why>`. What was billed for them follows.',
  before:
    'Do not convert subscriptions: cancel the one and create another of the other term type. Of converted ones, plan the contracts that have to be made by hand.',
  inBilling: segmentsIn(states, []),
  inStaging: heldBy(id),
  stop: {
    states,
    text: {
      message: '{source} cannot be booked by itself: {detail}.',
      remedy:
        'Make a contract for the line by hand: `revsync contract create --lines <ids> --reason <why>`. Later versions of the SO line follow it; what is billed for it waits until then.',
    },
    instead: [],
    freedAs: 'new-contract',
  },
});
