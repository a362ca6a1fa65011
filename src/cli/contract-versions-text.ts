import type { ContractChange } from '../domain/contract-changes/contract-change.ts';
import type { ContractVersion } from '../store/contracts/versions.ts';

/** The versions of a contract for a person, each with what it changed below it. */
export function versionsText(versions: readonly ContractVersion[]): string[] {
  return versions.flatMap(({ version, cause, at, by, changes }) => [
    `Version ${version}, ${at.slice(0, 10)} ${at.slice(11, 16)} UTC, by ${by}: ${cause}`,
    ...changes.flatMap(changeText),
  ]);
}

function changeText({
  action,
  soLineId,
  category,
  amount,
  wasAmount,
  currency,
  fields,
}: ContractChange): string[] {
  const what = category === null ? action : `${action} (${category})`;
  const amounts =
    amount === null && wasAmount === null
      ? []
      : [`${movedText(wasAmount, amount)} ${currency ?? ''}`.trimEnd()];
  // The amount is there already.
  const { 'Ext Sell Price': _amount, ...others } = fields;
  return [
    `  ${[...(soLineId === null ? [] : [soLineId]), what, ...amounts].join('  ')}`,
    ...Object.entries(others).map(
      ([label, { was, is }]) => `      ${label}: ${movedText(was || 'none', is || 'none')}`,
    ),
  ];
}

/** `1200.00 -> 600.00`; the one there is where the other is not. */
function movedText(was: string | null, is: string | null): string {
  if (was === null || was === is) return is ?? '';
  return `${was} -> ${is ?? 'nothing'}`;
}
