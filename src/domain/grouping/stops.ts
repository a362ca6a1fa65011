import type { HoldText } from '../holds.ts';
import type { GroupingTemplate } from './grouping-template.ts';

/** Ids of the stops that grouping makes. */
export const BLANK_KEY = 'blank-grouping-key';
export const CONTRACT_CLOSED = 'contract-closed';

/** Why a template gives a line no contract, as its hold says it (Zuora: RPRO-00684). */
export function blankKeyText(
  { name, version }: { readonly name: string; readonly version: number },
  { rules, filter, validFrom, validTo }: GroupingTemplate,
): HoldText {
  const tried = rules
    .filter(({ enabled }) => enabled)
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ seq, keys, window, filter: only }) => {
      const fields = [...keys, ...(window == null ? [] : [window.field])].join(', ');
      return `rule ${seq} needs ${fields}${only == null ? '' : ` and is for ${only}`}`;
    });
  const limits = [
    ...(filter == null ? [] : [`it is for ${filter}`]),
    ...(validFrom == null ? [] : [`for lines booked from ${validFrom}`]),
    ...(validTo == null ? [] : [`for lines booked before ${validTo}`]),
  ];
  return {
    message: `No rule of grouping template "${name}@${version}" gives the line a contract: ${[...limits, ...tried].join('; ')}.`,
    remedy:
      'Fill the fields in Billing, or give the template a rule for such lines (`revsync grouping`); or make the contract by hand with `revsync contract create --lines`.',
  };
}

/** Of a line whose contract is closed; `{contract}` is its id. */
export const CLOSED_TEXT: HoldText = {
  message: 'The line belongs to contract {contract}, which is closed.',
  remedy:
    'Open it with `revsync contract open {contract}`, and the line goes on by itself; or give the line a contract of its own with `revsync contract create --lines`.',
};
