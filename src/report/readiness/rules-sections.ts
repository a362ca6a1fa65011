import type { ReadinessReport, ReportedRule } from '../../domain/readiness/report.ts';
import { headingOf, moneyText, sumsText } from '../../domain/readiness/words.ts';
import { type Html, html } from '../html.ts';
import { own, prose, section, statusBadge, table, weightBadge } from './parts.ts';

const INTRODUCTION =
  'What the integration of Billing and Revenue does not support, or does otherwise than one may expect. Those that concern this tenant come first, each with what was found.';

/** The affected limitations in full, the others as a list. */
export function limitationsSection({ limitations }: ReadinessReport): Html {
  return section('limitations', 'Known limitations', rulesHtml(limitations, 'limitation', INTRODUCTION));
}

/** The same of practices. */
export function practicesSection({ practices }: ReadinessReport): Html {
  const about = 'Billing allows these; revenue follows them late or not at all, so they are better avoided.';
  return section('practices', 'Practices', rulesHtml(practices, 'practice', about));
}

function rulesHtml(rules: readonly ReportedRule[], kind: string, about: string): Html {
  const affected = rules.filter(({ status }) => status === 'affected');
  const others = rules.filter(({ status }) => status !== 'affected');
  return html`<p class="quiet">${about}</p>
    ${affected.length === 0 ? html`<p>No ${kind} was found to concern this tenant.</p>` : affected.map(ruleArticle)}
    ${others.length === 0 ? null : othersTable(others, kind)}`;
}

function ruleArticle(rule: ReportedRule): Html {
  const { id, weight, why, amounts, does, before, remedy, page, samples } = rule;
  return html`<article id="rule-${id}" aria-labelledby="rule-${id}-title">
    <header>
      <h3 id="rule-${id}-title">${headingOf(rule)}</h3>
      ${weightBadge(weight)}
    </header>
    <p class="figure">
      ${why}${amounts.length === 0 ? null : html` <strong>${sumsText(amounts)}</strong> at stake.`}
    </p>
    <dl class="advice">
      <dt>What revsync does</dt>
      <dd>${prose(does)}</dd>
      ${
        before === null
          ? null
          : html`<dt>Change in Billing first</dt>
              <dd>${prose(before)}</dd>`
      }
      <dt>What to do then</dt>
      <dd>${prose(remedy)}</dd>
      ${settingLines(rule)}
      <dt>Rule</dt>
      <dd><code>${id}</code>${page === null ? null : html`, explained in <code>${page}</code>`}</dd>
    </dl>
    ${samples.length === 0 ? null : samplesTable(rule)}
  </article> `;
}

function settingLines({ settings }: ReportedRule): Html | null {
  const wrong = settings.filter(({ fits }) => fits === false);
  if (wrong.length === 0) return null;
  return html`<dt>Settings</dt>
    <dd>
      ${wrong.map(
        ({ name, value, required, entity }) =>
          html`${name} is ${own(value)} in ${own(entity)}; required: ${required}.<br />`,
      )}
    </dd>`;
}

function samplesTable(rule: ReportedRule): Html {
  const { count, samples } = rule;
  const few = samples.length;
  const some = BigInt(count) > BigInt(few) ? `${few} examples of ${count}` : `All ${count}`;
  return table(
    `${count === '1' ? 'The only one' : some}: ${headingOf(rule)}`,
    [
      { title: 'Id', kind: 'key' },
      { title: 'Object' },
      { title: 'Entity' },
      { title: 'Amount', kind: 'number' },
      { title: 'Detail' },
    ],
    samples.map(({ object, id: row, entity, amount, currency, detail }) => [
      html`<code>${row}</code>`,
      object,
      own(entity),
      moneyText(amount, currency),
      own(detail),
    ]),
  );
}

function othersTable(rules: readonly ReportedRule[], kind: string): Html {
  return table(
    `Every other ${kind}`,
    [
      { title: kind === 'limitation' ? 'Limitation' : 'Practice', kind: 'key' },
      { title: 'Status' },
      { title: 'Why' },
    ],
    rules.map((rule) => [headingOf(rule), statusBadge(rule.status), rule.why]),
  );
}
