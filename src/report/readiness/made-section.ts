import type { DataSource, ReadinessReport } from '../../domain/readiness/report.ts';
import { instantWords } from '../../domain/readiness/words.ts';
import { type Html, html } from '../html.ts';
import { own, section, table } from './parts.ts';

const SOURCES: Readonly<Record<DataSource['source'], string>> = {
  sync: 'what syncs extracted',
  readiness: 'read for this report; nothing was synced',
  none: 'nothing is here',
};

/** Where the figures come from, so that another person can judge them. */
export function madeSection({ data, billing, revsync }: ReadinessReport): Html {
  return section(
    'made',
    'How this was made',
    html`<p>
        revsync ${revsync} looked for every limitation and practice in what it has extracted from Billing, one
        query each over one snapshot. It read only; nothing in Billing was changed, and no line was formed.
        ${billing.note}
      </p>
      ${table(
        'Data by entity',
        [
          { title: 'Entity', kind: 'key' },
          { title: 'Name' },
          { title: 'Organisation' },
          { title: 'As of' },
          { title: 'Run', kind: 'number' },
          { title: 'Source' },
          { title: 'Not read' },
        ],
        data.map(({ entity, displayName, org, asOf, run, source, notRead }) => [
          own(entity),
          own(displayName),
          own(org),
          asOf === null ? '' : instantWords(asOf),
          run,
          SOURCES[source],
          source === 'none' ? 'everything' : notRead.join(', '),
        ]),
      )}`,
  );
}
