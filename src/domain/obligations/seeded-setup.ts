import type { ObligationSetup } from './obligation-setup-form.ts';

const DAILY = { accounting: 'daily', retain: 'percent' } as const;

/**
 * What organisations go by that have chosen nothing. Usage, evergreen charges that their invoices drive and discounts
 * of an amount are recognised as billed: Billing knows no booking of them that could be (known limitations, "Usage
 * charges", "Discount charges").
 */
export const PRE_CONFIGURED: ObligationSetup = {
  templates: [
    { name: 'Ratable', ratableMethod: 'Ratable', releaseEvent: 'Upon Booking', ...DAILY },
    { name: 'As Billed', ratableMethod: 'Invoice Ratable', releaseEvent: 'Upon Billing', ...DAILY },
  ],
  assignment: [],
  automatic: {
    recurring: 'Ratable',
    oneTime: 'Ratable',
    usage: 'As Billed',
    evergreen: 'As Billed',
    fixedDiscount: 'As Billed',
    standalone: 'Ratable',
  },
};
