import { amountText } from '../money/amount-text.ts';
import type { ReadinessSummary, ReportedRule, RuleStatus, Step, Sum, Weight } from './report.ts';

/** A status as people read it. */
export const STATUS_WORDS: Readonly<Record<RuleStatus, string>> = {
  affected: 'affected',
  'cannot-tell': 'cannot tell',
  enforced: 'enforced, nothing to detect',
  'not-affected': 'not affected',
};

/** What something means for go-live. */
export const WEIGHT_WORDS: Readonly<Record<Step['weight'], string>> = {
  blocks: 'blocks go-live',
  stops: 'keeps lines from contracts',
  changes: 'is taken otherwise than it stands in Billing',
  reports: 'is reported',
  look: 'to be looked at',
};

/** The gravest first. */
export const WEIGHTS: readonly Weight[] = ['blocks', 'stops', 'changes', 'reports'];

/** `120.00 USD, -3.00 EUR (9.00 EUR without signs)`: the latter where amounts of both signs are in it. */
export const sumsText = (sums: readonly Sum[]): string => sums.map(sumText).join(', ');

function sumText({ amount, gross, currency }: Sum): string {
  const net = moneyText(amount, currency);
  return amount.replace(/^-/, '') === gross ? net : `${net} (${moneyText(gross, currency)} without signs)`;
}

/** `120.00 USD, 9.00 EUR`: the sums without signs. */
export const grossText = (sums: readonly Sum[]): string =>
  sums.map(({ gross, currency }) => moneyText(gross, currency)).join(', ');

/**
 * What is at stake by weight. Bookings and credits that are kept from contracts do not make up for each other, so
 * these are told without signs.
 */
export const stakeText = ({ weight, sums }: ReadinessSummary['amounts'][number]): string =>
  weight === 'stops' ? grossText(sums) : sumsText(sums);

/** `3 in 2 entities`; of none just `0`. */
export const inEntities = (count: string, entities: string): string =>
  count === '0' ? count : `${count} in ${counted(entities, 'entity', 'entities')}`;

/** An amount in groups of three with its currency, as people read it; nothing where there is none. */
export function moneyText(amount: string | null, currency: string | null): string {
  if (amount === null) return '';
  const [whole = '', fraction] = amountText(amount, currency).split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return currency === null ? text : `${text} ${currency}`;
}

/** The source's heading; where it stands over a list, with the name of the rule, which tells its points apart. */
export const headingOf = ({ id, heading, point }: Pick<ReportedRule, 'id' | 'heading' | 'point'>): string =>
  point === null ? heading : `${heading}: ${id.replaceAll('-', ' ')}`;

/** `2024-02-15T00:00:00.000000Z` -> `2024-02-15 00:00 UTC`. */
export const instantWords = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

/** `1 limitation`, `3 limitations`. */
export const counted = (count: string, one: string, many = `${one}s`): string =>
  `${count} ${count === '1' ? one : many}`;
