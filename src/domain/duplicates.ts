import type { HoldText } from './holds.ts';

/** A line that another entity of the organisation has, too, with something else in it. */
export const OTHER_ENTITY = 'line-of-other-entity';

/** `{entity}`, `{amount}` and `{currency}` are those of the line that counts; `{ours}` is this line's amount. */
export const OTHER_ENTITY_TEXT: HoldText = {
  message:
    'The entity {entity} of this organisation has a line of the same id over {amount} {currency}, and this one is over {ours}; at most one of them is right.',
  remedy:
    'Billing gives no id twice: find out why two entities deliver the row (`revsync line show --entity`), and reject the line that is wrong.',
};
