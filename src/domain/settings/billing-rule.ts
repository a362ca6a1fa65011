import type { LimitationId } from '../limitations.ts';

/** A setting of Billing that revenue depends on, and what it has to be (domain.md section 6). */
export interface BillingRule {
  readonly id: string;
  /** The source's words for it, as people find it in Billing. */
  readonly name: string;
  /** Where it is set in Billing. */
  readonly where: string;
  /** `<key>.<field>` of GET /settings/<key> (wire.md 2.5). */
  readonly setting: string;
  /** What it has to be, in the words of Billing's pages. */
  readonly required: string;
  /** How Billing's replies spell what will do; empty where no source says how. */
  readonly allowed: readonly string[];
  /** False: advice of Order to Revenue, which nothing here waits for. */
  readonly binding: boolean;
  readonly why: string;
  /** The known limitation that a tenant runs into where it does not fit. */
  readonly limitation?: LimitationId;
}

/** The key of GET /settings/<key> and the field of its body. */
export function placeOf({ setting }: Pick<BillingRule, 'setting'>): { key: string; field: string } {
  const [key = '', field = ''] = setting.split('.');
  return { key, field };
}
