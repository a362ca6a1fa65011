import type { ShownContract } from '../store/contracts.ts';
import { clipped } from './list-output.ts';
import { table } from './output.ts';

/** A contract for a person: what it comes to, its obligations, its lines and its versions. */
export function contractText(contract: ShownContract): string[] {
  const { amounts, obligationItems, lineItems, versions } = contract;
  return [
    `${contract.id} of ${contract.key}, organisation ${contract.org}, version ${contract.version}.`,
    ...amounts.map(
      ({ currency, bookings, billings }) => `Booked ${bookings} ${currency}, billed ${billings} ${currency}.`,
    ),
    '',
    ...table(
      ['booked', 'billed', 'currency', 'obligation, by the line it stands at'],
      obligationItems.map(({ line, amount, billed, currency }) => [amount, billed, currency, line]),
    ),
    '',
    ...table(
      ['type', 'date', 'amount', 'currency', 'line'],
      lineItems.map(({ line, type, date, amount, currency }) => [type, date ?? '', amount, currency, line]),
    ),
    '',
    ...table(
      ['version', 'cause', 'at', 'by'],
      versions.map(({ version, cause, at, by }) => [
        String(version),
        clipped(cause, 60),
        at.slice(0, 19),
        by,
      ]),
    ),
  ];
}
