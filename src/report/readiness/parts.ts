import type { RuleStatus, Step } from '../../domain/readiness/report.ts';
import { STATUS_WORDS, WEIGHT_WORDS } from '../../domain/readiness/words.ts';
import { type Hole, type Html, html } from '../html.ts';

/** A sign besides the word and the colour. */
const SIGNS: Readonly<Record<string, string>> = {
  blocks: '■',
  stops: '▲',
  changes: '◆',
  reports: '●',
  look: '○',
  affected: '▲',
  'cannot-tell': '?',
  enforced: '✓',
  'not-affected': '✓',
};

const badge = (kind: string, words: string): Html =>
  html`<span class="badge ${kind}"><span aria-hidden="true">${SIGNS[kind]}</span> ${words}</span>`;

export const statusBadge = (status: RuleStatus): Html => badge(status, STATUS_WORDS[status]);
export const weightBadge = (weight: Step['weight']): Html => badge(weight, WEIGHT_WORDS[weight]);

/** Whether something is as it has to be. */
export function fitBadge(fits: boolean | null, binding: boolean): Html {
  if (fits === true) return badge('enforced', 'as required');
  if (fits === null) return badge('cannot-tell', 'not told');
  return binding ? badge('blocks', 'to be changed') : badge('reports', 'advice not followed');
}

/** Text of the tenant's, in its own direction whatever stands around it. */
export const own = (text: string | null): Html => html`<bdi>${text}</bdi>`;

/** Our own sentences, in which names that are typed stand between backticks. */
export const prose = (text: string): Html =>
  html`${text.split('`').map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`))}`;

/** A section with its heading; `id` is what links lead to. */
export function section(id: string, title: string, content: Hole): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

export interface Column {
  readonly title: string;
  /** `number`: set to the right. `key`: the row's heading. */
  readonly kind?: 'number' | 'key';
}

/**
 * A table that becomes a list of cards on a narrow page, each cell under its column's title; wide ones scroll inside a
 * frame that the keyboard can reach. The roles are said, since a table that is laid out otherwise may lose them.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Hole[])[]): Html {
  return html`<div class="frame" role="region" tabindex="0" aria-label="${caption}">
    <table role="table">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map(({ title, kind }) => html`<th role="columnheader" scope="col" ${classOf(kind)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) =>
            html`<tr role="row">
              ${row.map((cell, at) => cellOf(cell, columns[at]))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

const classOf = (kind: Column['kind']): Html | null => (kind === 'number' ? html` class="number"` : null);

function cellOf(cell: Hole, column: Column | undefined): Html {
  const { title = '', kind } = column ?? {};
  return kind === 'key'
    ? html`<th role="rowheader" scope="row">${cell}</th>`
    : html`<td role="cell" data-title="${title}" ${classOf(kind)}>${cell}</td>`;
}
