/**
 * What a contract version changed, one entry for each SO line and kind of change. Amounts are exact text.
 *
 * - `new-so`, `update-so`: a collected SO line; `correction`, `amendment`: a form of it that a person released;
 * - `growth`: what invoices add to a booking; `amount` and `wasAmount` are all they add, now and before;
 * - `concession`, `system-credit`: the same for credits; they leave the bookings of the contract as they are;
 * - `moved-in`, `moved-out`: the SO line came from, or went to, another contract, with all it comes to;
 * - `obligation`: the obligation of the SO line is described by another template;
 * - anything else is what a person did to the contract as a whole, such as `hold` or `close`.
 *
 * Over the entries but concessions, system credits and obligations, `amount` less `wasAmount` adds up to what the
 * bookings of the contract changed by.
 */
export interface ContractChange {
  readonly action: string;
  /** Null for what concerns the contract as a whole. */
  readonly soLineId: string | null;
  /** The line the booking stands at, and the one it stood at before. */
  readonly line: string | null;
  readonly was: string | null;
  readonly amount: string | null;
  readonly wasAmount: string | null;
  readonly currency: string | null;
  /** Billing's order action, and the category of the modification that it is. */
  readonly orderAction: string | null;
  readonly category: string | null;
  readonly skipCtMod: boolean | null;
  /** By label, what else differs. */
  readonly fields: Readonly<Record<string, { readonly was: string | null; readonly is: string | null }>>;
}
