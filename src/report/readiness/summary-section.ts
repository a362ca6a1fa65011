import type { ReadinessReport } from '../../domain/readiness/report.ts';
import { counted, stakeText } from '../../domain/readiness/words.ts';
import { type Html, html } from '../html.ts';
import { section, table, weightBadge } from './parts.ts';

/** How many limitations concern the tenant, what blocks go-live, and the amounts at stake. */
export function summarySection(report: ReadinessReport): Html {
  const { limitations, settingsToChange } = report.summary;
  const tiles = [
    ['affected', limitations.affected, 'limitations affect this tenant'],
    ['settings', settingsToChange, 'settings to be changed'],
    ['cannot-tell', limitations['cannot-tell'], 'cannot be told'],
    ['enforced', limitations.enforced, 'enforced, nothing to detect'],
    ['not-affected', limitations['not-affected'], 'do not affect it'],
  ] as const;
  return section(
    'summary',
    'Summary',
    html`<p class="verdict">${verdict(report)}</p>
      <dl class="tiles">
        ${tiles.map(
          ([tone, count, what]) =>
            html`<div class="tone-${tone}">
              <dt>${what}</dt>
              <dd>${count}</dd>
            </div> `,
        )}
      </dl>
      ${amounts(report)}`,
  );
}

function verdict({ limitations, summary }: ReadinessReport): string {
  const affected = limitations.filter(({ status }) => status === 'affected');
  const blocking = affected.filter(({ weight }) => weight === 'blocks').length;
  const stopping = affected.filter(({ weight }) => weight === 'stops').length;
  const parts = [
    affected.length === 0
      ? `None of the ${limitations.length} known limitations was found in this tenant.`
      : `${affected.length} of the ${counted(String(limitations.length), 'known limitation')} ${affected.length === 1 ? 'concerns' : 'concern'} this tenant.`,
    ...(blocking === 0
      ? []
      : [`${counted(String(blocking), 'blocks', 'block')} go-live until settings change.`]),
    ...(stopping === 0
      ? []
      : [`${counted(String(stopping), 'keeps', 'keep')} bookings from revenue contracts.`]),
    ...(summary.settingsToChange === '0'
      ? []
      : [
          `${counted(summary.settingsToChange, 'setting')} in Billing ${summary.settingsToChange === '1' ? 'has' : 'have'} to change, in ${counted(summary.entitiesToChange, 'entity', 'entities')}.`,
        ]),
    ...(summary.practices === '0'
      ? []
      : [
          `${counted(summary.practices, 'practice')} to avoid ${summary.practices === '1' ? 'was' : 'were'} found.`,
        ]),
  ];
  return parts.join(' ');
}

function amounts({ summary }: ReadinessReport): Html {
  if (summary.amounts.length === 0) return html`<p class="quiet">No amounts are at stake.</p>`;
  return html`${table(
      'Amounts at stake',
      [
        { title: 'What it means', kind: 'key' },
        { title: 'Amounts', kind: 'number' },
      ],
      summary.amounts.map((each) => [weightBadge(each.weight), stakeText(each)]),
    )}
    <p class="quiet small">
      Sums over the limitations below: what two of them concern counts in both. What keeps lines from
      contracts is summed without signs, since a credit does not make up for a booking; other amounts are
      signed as they are booked or billed.
    </p>`;
}
