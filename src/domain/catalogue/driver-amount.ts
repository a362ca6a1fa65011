/**
 * The objects whose rows become transaction lines, and the field that is each row's own amount in the
 * balance. A booking's price comes from another object, so a charge counts with its contract value.
 */
const DRIVER_AMOUNTS: Readonly<Record<string, string>> = {
  RatePlanCharge: 'TCV',
  InvoiceItem: 'ChargeAmount',
  InvoiceItemAdjustment: 'Amount',
  CreditMemoItem: 'AmountWithoutTax',
  DebitMemoItem: 'AmountWithoutTax',
};

/** The amount field of a driver, or undefined when the object drives no line. */
export function driverAmount(object: string): string | undefined {
  return DRIVER_AMOUNTS[object];
}
