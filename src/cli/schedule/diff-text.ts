import type { ComparedSchedule, Difference } from './diff-schedules.ts';

/** A line for each schedule, and one for each field that differs. */
export function diffText(compared: readonly ComparedSchedule[]): string[] {
  return compared.flatMap(({ id, status, remark, paused, note, differences }) => [
    [`${id}: ${status}.`, remark, paused ? `Paused: ${note ?? 'no note'}.` : '']
      .filter((part) => part !== '')
      .join(' '),
    ...differences.map(differenceText),
  ]);
}

const differenceText = ({ field, definition, temporal }: Difference): string =>
  `  ${field}: ${valueText(temporal)} instead of ${valueText(definition)}`;

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join('; ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
