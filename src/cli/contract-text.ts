import type { ContractLine, Worth } from '../store/contracts/line-items.ts';
import type { ContractObligation } from '../store/contracts/obligation-items.ts';
import type { ShownContract } from '../store/contracts/show-contract.ts';
import { versionsText } from './contract-versions-text.ts';
import { clipped } from './list-output.ts';
import { table } from './output.ts';

/** A contract for a person: what it comes to, its obligations, its lines and its versions. */
export function contractText(contract: ShownContract): string[] {
  const { amounts, obligationItems, lineItems, holds, versions, status, origin } = contract;
  const how = [...(status === 'closed' ? ['closed'] : []), ...(origin === 'by-hand' ? ['made by hand'] : [])];
  return [
    `${[`${contract.id} of ${contract.key}`, `organisation ${contract.org}`, `version ${contract.version}`, ...how].join(', ')}.`,
    ...amounts.map(
      ({ currency, bookings, billings }) => `Booked ${bookings} ${currency}, billed ${billings} ${currency}.`,
    ),
    ...holds.map(({ hold, reason, by }) => `On ${hold} hold by ${by}: ${reason}`),
    '',
    ...table(
      ['obligation', 'template', 'ratable method', 'release event', 'assigned by'],
      obligationItems.map((each) => [
        clipped(each.name, 32),
        each.template,
        each.ratableMethod,
        each.processing === null ? each.releaseEvent : `${each.releaseEvent}, ${each.processing}`,
        `${each.assignedBy}, ${each.setup}`,
      ]),
    ),
    '',
    ...bookingsText(obligationItems),
    '',
    ...linesText(lineItems),
    '',
    ...versionsText(versions),
  ];
}

/** The lines, with what they are worth in other currencies where these are others. */
function linesText(items: readonly ContractLine[]): string[] {
  const worths = (['functional', 'reporting'] as const).filter((name) =>
    items.some(({ currency, [name]: worth }) => worth !== null && worth.currency !== currency),
  );
  return table(
    ['type', 'date', 'amount', 'currency', ...worths, 'line'],
    items.map((item) => [
      item.type,
      item.date ?? '',
      item.amount,
      item.currency,
      ...worths.map((name) => worthText(item[name])),
      `${item.line}${item.system ? ', made by the system' : ''}`,
    ]),
  );
}

const worthText = (worth: Worth | null): string =>
  worth === null ? '' : `${worth.amount} ${worth.currency}`;

/** Every SO line under its obligation; what invoices added and credits conceded only where some did. */
function bookingsText(items: readonly ContractObligation[]): string[] {
  const lines = items.flatMap(({ name, soLines }) => soLines.map((line) => ({ name, ...line })));
  const lifts = lines.some(({ lifted }) => /[1-9]/.test(lifted));
  const concedes = lines.some(({ conceded }) => /[1-9]/.test(conceded));
  return table(
    [
      'obligation',
      'from',
      'to',
      'booked',
      ...(lifts ? ['lifted'] : []),
      ...(concedes ? ['conceded'] : []),
      'billed',
      'currency',
      'line it stands at',
    ],
    lines.map((line) => [
      clipped(line.name, 32),
      line.start ?? '',
      line.end ?? '',
      line.amount,
      ...(lifts ? [line.lifted] : []),
      ...(concedes ? [line.conceded] : []),
      line.billed,
      line.currency,
      line.line,
    ]),
  );
}
