import type { ReadinessReport } from '../../domain/readiness/report.ts';
import { instantWords } from '../../domain/readiness/words.ts';
import { type Html, html, trusted } from '../html.ts';
import { firstSection } from './first-section.ts';
import { madeSection } from './made-section.ts';
import { own } from './parts.ts';
import { permissionsSection } from './permissions-section.ts';
import { limitationsSection, practicesSection } from './rules-sections.ts';
import { settingsSection } from './settings-section.ts';
import { STYLE } from './style.ts';
import { summarySection } from './summary-section.ts';
import { templatesSection } from './templates-section.ts';

const SECTIONS: readonly (readonly [id: string, title: string, draw: (report: ReadinessReport) => Html])[] = [
  ['summary', 'Summary', summarySection],
  ['first', 'What to do first', firstSection],
  ['limitations', 'Known limitations', limitationsSection],
  ['practices', 'Practices', practicesSection],
  ['settings', 'Settings in Billing', settingsSection],
  ['permissions', 'Permissions', permissionsSection],
  ['templates', 'Templates and custom fields', templatesSection],
  ['made', 'How this was made', madeSection],
];

/** The report as one HTML file that needs nothing else: no script, no font, no address. */
export function readinessPage(report: ReadinessReport): string {
  const { tenant, madeAt } = report;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="generator" content="revsync ${report.revsync}" />
        <title>Go-live readiness of ${tenant}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header>
          <div class="wide">
            <p class="kicker">Billing to Revenue: go-live readiness</p>
            <h1>${own(tenant)}</h1>
            <p class="quiet">
              What this tenant would meet if its bookings and billings went to revenue contracts now, how
              often, for how much, and what to do about it first. Made on ${instantWords(madeAt)}.
            </p>
            <nav aria-label="Sections">
              <ul>
                ${SECTIONS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li> `)}
              </ul>
            </nav>
          </div>
        </header>
        <main id="main" class="wide">${SECTIONS.map(([, , draw]) => html`${draw(report)} `)}</main>
        <footer>
          <div class="wide">
            Made by revsync ${report.revsync} on ${instantWords(madeAt)}. The figures hold for the data
            described under <a href="#made">How this was made</a>.
          </div>
        </footer>
      </body>
    </html> `.markup;
}
