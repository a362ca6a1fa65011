import type { ReadinessReport, Step } from '../../domain/readiness/report.ts';
import { type Html, html } from '../html.ts';
import { prose, section, weightBadge } from './parts.ts';

/** What a person does before go-live, the gravest first. */
export function firstSection({ summary: { first } }: ReadinessReport): Html {
  const content =
    first.length === 0
      ? html`<p>Nothing has to be done before go-live.</p>`
      : html`<ol class="steps">
          ${first.map(stepItem)}
        </ol>`;
  return section('first', 'What to do first', content);
}

const stepItem = ({ title, what, weight, rule }: Step): Html =>
  html`<li>
    <h3>${rule === null ? title : html`<a href="#rule-${rule}">${title}</a>`}</h3>
    ${weightBadge(weight)}
    <p>${prose(what)}</p>
  </li> `;
