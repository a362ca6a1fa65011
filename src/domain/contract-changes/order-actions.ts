/**
 * What became of a charge segment between what was collected of it before and what is collected now:
 *
 * - of a segment that was not there: `subscribed` with its subscription; `first` of its charge in the contract, or one
 *   that came with it (ramps); `renewed` in a new term; `next`, where the segment before it ends; `resumed`, some time after that; `standalone`,
 *   made for a billing without a booking;
 * - of one that was: `cut-short` where the next one starts; `cut-away` where the next one starts on its own first day;
 *   `cancelled` with its subscription; `term-moved`, its end with that of the subscription; `suspended`;
 *   `ended-earlier`, `ends-later`; `revalued` without another end; `changed` otherwise.
 */
export type SegmentEffect =
  | 'subscribed'
  | 'first'
  | 'renewed'
  | 'next'
  | 'resumed'
  | 'standalone'
  | 'cut-short'
  | 'cut-away'
  | 'cancelled'
  | 'term-moved'
  | 'suspended'
  | 'ended-earlier'
  | 'ends-later'
  | 'revalued'
  | 'changed';

/** Categories of contract modifications; `price-or-quantity` is Quantity where the quantity differs, else Price. */
export type ModificationCategory = 'new-pob' | 'price-or-quantity' | 'contraction' | 'term' | 'extension';

/** A row of the table order action -> SO action (domain.md 4.3). */
export interface OrderAction {
  /** Zuora Billing's order action, as contract versions name it. */
  readonly action: string;
  readonly effect: SegmentEffect;
  /** A segment of its own becomes a new SO line, any other change updates the one it has. */
  readonly soAction: 'new-so' | 'update-so';
  readonly category: ModificationCategory | null;
  /** Whether the rest of the line is recast without a modification of its contract; as staged with the line. */
  readonly skipCtMod: boolean;
  /** The cause that a contract version gives; where the category says Quantity or Price, so does the cause. */
  readonly cause: string;
}

const row = (
  action: string,
  effect: SegmentEffect,
  soAction: OrderAction['soAction'],
  category: ModificationCategory | null,
  { skipCtMod = false, cause = action }: { readonly skipCtMod?: boolean; readonly cause?: string } = {},
): OrderAction => ({ action, effect, soAction, category, skipCtMod, cause });

const UPDATE = 'Update product';

/**
 * Which SO action each order action becomes, one row for each effect on a segment. Owner transfers have no row: they
 * leave every segment as it is. Where Billing does not tell a suspension from a removal, it is one.
 */
export const ORDER_ACTIONS: readonly OrderAction[] = [
  row('Create subscription', 'subscribed', 'new-so', 'new-pob', { cause: 'New product' }),
  row('Renew subscription', 'renewed', 'new-so', 'new-pob', { cause: 'Renewal' }),
  row('Add product', 'first', 'new-so', 'new-pob', { cause: 'New product' }),
  row(UPDATE, 'cut-short', 'update-so', 'price-or-quantity', { skipCtMod: true }),
  row(UPDATE, 'cut-away', 'update-so', 'price-or-quantity'),
  row(UPDATE, 'next', 'new-so', 'price-or-quantity'),
  row(UPDATE, 'revalued', 'update-so', 'price-or-quantity'),
  row('Remove product', 'ended-earlier', 'update-so', 'contraction', { cause: 'Contraction' }),
  row('Cancel subscription', 'cancelled', 'update-so', 'contraction', { cause: 'Cancellation' }),
  row('Terms and conditions', 'term-moved', 'update-so', 'term'),
  row('Suspend', 'suspended', 'update-so', 'contraction', { cause: 'Suspension' }),
  row('Resume', 'resumed', 'new-so', 'extension', { cause: 'Resumption' }),
  row('Extend product', 'ends-later', 'update-so', 'extension', { cause: 'Extension' }),
  row('Standalone billing', 'standalone', 'new-so', 'new-pob'),
  row('Other', 'changed', 'update-so', null, { cause: 'Booking' }),
];
