import type { ReadinessReport, ReportedRule } from '../../domain/readiness/report.ts';
import {
  inEntities,
  instantWords,
  stakeText,
  STATUS_WORDS,
  sumsText,
  WEIGHT_WORDS,
} from '../../domain/readiness/words.ts';
import { table } from '../output.ts';

/** The report for a terminal: the summary, every rule, then what to do first. */
export function readinessText(report: ReadinessReport): string[] {
  const { limitations, practices } = report;
  return [
    ...summaryText(report),
    '',
    ...table(
      ['limitation', 'status', 'found', 'at stake'],
      limitations.map(({ id, status, count, amounts }) => [
        id,
        STATUS_WORDS[status],
        count === '0' ? '' : count,
        sumsText(amounts),
      ]),
    ),
    ...practicesText(practices),
    '',
    ...firstText(report),
  ];
}

function summaryText({ tenant, data, billing, settings, permissions, summary }: ReadinessReport): string[] {
  const { limitations: by } = summary;
  return [
    `Readiness of ${tenant}`,
    ...data.map(
      ({ entity, source, run, asOf }) =>
        `  ${entity}: ${source === 'none' ? 'nothing is here' : `as of ${asOf === null ? '' : instantWords(asOf)}, run ${run ?? ''} (${source})`}`,
    ),
    `  ${billing.note}`,
    '',
    `Limitations: ${by.affected} affected, ${by['cannot-tell']} cannot tell, ${by.enforced} enforced with nothing to detect, ${by['not-affected']} not affected.`,
    settings.length === 0
      ? 'Settings of Billing: not read yet.'
      : `Settings to change: ${inEntities(summary.settingsToChange, summary.entitiesToChange)}; not told: ${summary.settingsUnknown}.`,
    ...(permissions === null ? [] : [`Permissions lacking: ${summary.permissionsLacking}.`]),
    ...summary.amounts.map((each) => `At stake, ${WEIGHT_WORDS[each.weight]}: ${stakeText(each)}.`),
  ];
}

function practicesText(practices: readonly ReportedRule[]): string[] {
  if (practices.length === 0) return [];
  const rows = practices.map(({ id, status, count, amounts }) => [
    id,
    STATUS_WORDS[status],
    count === '0' ? '' : count,
    sumsText(amounts),
  ]);
  return ['', ...table(['practice', 'status', 'found', 'at stake'], rows)];
}

function firstText({ summary: { first } }: ReadinessReport): string[] {
  if (first.length === 0) return ['Nothing has to be done before go-live.'];
  return [
    'What to do first',
    ...first.flatMap(({ title, what, weight }, at) => [
      `${at + 1}. ${title} [${WEIGHT_WORDS[weight]}]`,
      `   ${what}`,
    ]),
  ];
}
