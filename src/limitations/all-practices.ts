import type { Practice } from './practice.ts';
import { billCycleDayChanged } from './practices/bill-cycle-day-changed.ts';
import { deletedInBilling } from './practices/deleted-in-billing.ts';
import { discountOnBilledPeriod } from './practices/discount-on-billed-period.ts';
import { unmappedCustomField } from './practices/unmapped-custom-field.ts';
import { unpostedDocument } from './practices/unposted-document.ts';

/** Every practice that readiness looks for. */
export const PRACTICES: readonly Practice[] = [
  billCycleDayChanged,
  unpostedDocument,
  discountOnBilledPeriod,
  deletedInBilling,
  unmappedCustomField,
];
