import type { CustomFieldUse, ReadinessReport, TemplateNeed } from '../../domain/readiness/report.ts';
import { type Html, html } from '../html.ts';
import { own, section, table } from './parts.ts';

/** Which types need templates, and which custom fields are in use that no template maps. */
export function templatesSection({ templates, customFields }: ReadinessReport): Html {
  return section(
    'templates',
    'Templates and custom fields',
    html`${templatesTable(templates)}
    ${customFields.length === 0 ? html`<p>No custom fields with values were found.</p>` : fieldsTable(customFields)}`,
  );
}

const templatesTable = (templates: readonly TemplateNeed[]): Html =>
  table(
    'Transaction types and their templates',
    [
      { title: 'Type', kind: 'key' },
      { title: 'Entity' },
      { title: 'Rows of' },
      { title: 'Rows', kind: 'number' },
      { title: 'Needed' },
      { title: 'Default template' },
    ],
    templates.map(({ type, entity, driver, rows, needed, template }) => [
      type,
      own(entity),
      driver,
      rows ?? 'cannot tell',
      neededWord(needed),
      template === null ? (needed === true ? 'missing: load and freeze one' : 'none') : own(template),
    ]),
  );

function neededWord(needed: boolean | null): string {
  if (needed === null) return 'cannot tell';
  return needed ? 'yes' : 'no';
}

const fieldsTable = (fields: readonly CustomFieldUse[]): Html =>
  table(
    'Custom fields in use',
    [
      { title: 'Field', kind: 'key' },
      { title: 'Entity' },
      { title: 'Filled', kind: 'number' },
      { title: 'Of rows', kind: 'number' },
      { title: 'Percent', kind: 'number' },
      { title: 'Mapped by' },
      { title: 'Suggestion' },
    ],
    fields.map(({ entity, object, field, filled, rows, rate, mappedBy, suggestion }) => [
      html`<code>${object}.${field}</code>`,
      own(entity),
      filled,
      rows,
      rate === null ? '' : `${rate} %`,
      mappedBy.length === 0 ? 'no template' : own(mappedBy.join(', ')),
      suggestion === null
        ? ''
        : html`${suggestion.type}: <code>${suggestion.from}</code> to <code>${suggestion.to}</code>`,
    ]),
  );
