/** What identifies a line: ids are Billing's own, so two entities may have the same. */
export interface LineKey {
  readonly entity: string;
  readonly id: string;
}
