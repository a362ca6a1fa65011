import type { LimitationId } from '../domain/limitations.ts';
import { accountLevelDiscount } from './account-level-discount.ts';
import { changePlanOrderAction } from './change-plan-order-action.ts';
import { creditBalanceAdjustment } from './credit-balance-adjustment.ts';
import { customFieldUpdate } from './custom-field-update.ts';
import { discountDatesFollowRecurring } from './discount-dates-follow-recurring.ts';
import { eventByAmount } from './event-by-amount.ts';
import { evergreenConversion } from './evergreen-conversion.ts';
import { fixedDiscountBookingBased } from './fixed-discount-booking-based.ts';
import { fixedDiscountProration } from './fixed-discount-proration.ts';
import { invoiceBeforeBooking } from './invoice-before-booking.ts';
import { invoicePastEndOfTerm } from './invoice-past-end-of-term.ts';
import type { ChargeStop, Limitation } from './limitation.ts';
import { massActions } from './mass-actions.ts';
import { materialRights } from './material-rights.ts';
import { negativeOneTimeCharge } from './negative-one-time-charge.ts';
import { overageSmoothing } from './overage-smoothing.ts';
import { overlappingDiscounts } from './overlapping-discounts.ts';
import { prepaymentCharge } from './prepayment-charge.ts';
import { quantityUpsellStaysInContract } from './quantity-upsell-stays-in-contract.ts';
import { removeProductInBilledPeriod } from './remove-product-in-billed-period.ts';
import { sameVersionRecollection } from './same-version-recollection.ts';
import { standaloneBillingTransactions } from './standalone-billing-transactions.ts';
import { undatedPendingCharges } from './undated-pending-charges.ts';
import { usageBookingBased } from './usage-booking-based.ts';
import { variableConsiderationFormula } from './variable-consideration-formula.ts';

/** Every rule, in the order of the source. */
export const LIMITATIONS: readonly Limitation[] = [
  changePlanOrderAction,
  sameVersionRecollection,
  evergreenConversion,
  removeProductInBilledPeriod,
  quantityUpsellStaysInContract,
  invoiceBeforeBooking,
  undatedPendingCharges,
  usageBookingBased,
  overageSmoothing,
  accountLevelDiscount,
  fixedDiscountBookingBased,
  fixedDiscountProration,
  discountDatesFollowRecurring,
  overlappingDiscounts,
  standaloneBillingTransactions,
  negativeOneTimeCharge,
  prepaymentCharge,
  customFieldUpdate,
  creditBalanceAdjustment,
  invoicePastEndOfTerm,
  variableConsiderationFormula,
  massActions,
  eventByAmount,
  materialRights,
];

/** The rules that stop bookings. */
export const CHARGE_STOPS: readonly (Pick<Limitation, 'id'> & { readonly stop: ChargeStop })[] =
  LIMITATIONS.flatMap(({ id, stop }) => (stop === null ? [] : [{ id, stop }]));

/** The rule of that id, or undefined. */
export const limitationOf = (id: string): Limitation | undefined =>
  LIMITATIONS.find((each) => each.id === (id as LimitationId));
