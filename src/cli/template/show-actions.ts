import { templateJsonSchema, templateDocument } from '../../domain/mapping/template-file.ts';
import type { TemplateType } from '../../domain/mapping/transaction-template.ts';
import { listTemplates, type TemplateStatus } from '../../store/templates/template-versions.ts';
import { entityKey, knownOrg, type ListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { referredTemplate } from './template-reference.ts';
import { templateVersionText } from './template-text.ts';
import { summaryOf, type TemplateSummary } from './version-summary.ts';
import { withTemplates } from './with-templates.ts';
import { type TemplateFormat, templateText } from './write-template.ts';

interface TemplateListOptions extends ListOptions {
  readonly entity?: string;
  readonly type?: TemplateType;
  readonly status?: TemplateStatus;
}

const LOOK: ListLook<TemplateSummary> = {
  header: ['type', 'status', 'entity', 'rows', 'mistakes', 'since', 'id'],
  cells: ({ id, type, status, entity, rowCount, mistakeCount, changedAt }) => [
    type,
    status,
    clipped(entity ?? '', 24),
    String(rowCount),
    mistakeCount === null ? '' : String(mistakeCount),
    changedAt.slice(0, 10),
    id,
  ],
  empty: 'No template matches.',
  idOf: ({ id }) => id,
};

/** Every version of every template. */
export async function listAction({
  json = false,
  limit,
  after,
  ...asked
}: TemplateListOptions): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const org = await knownOrg(db, asked.org);
    const entity = await entityKey(db, asked.entity);
    const all = (await listTemplates(db, { ...asked, org, entity })).map(summaryOf);
    const start = all.findIndex(({ id }) => id === after) + 1;
    await printList(output, (most, take) => take(all.slice(start).slice(0, most)), LOOK, limit);
  });
}

/** One version with all its parts. */
export async function showAction(
  reference: string,
  { json = false, entity }: { json?: boolean; entity?: string },
): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const found = await referredTemplate(db, reference, entity);
    const { mistakes } = found;
    output.result(
      { ...summaryOf(found), mistakes, ...templateDocument(found.template) },
      templateVersionText(found),
    );
  });
}

/** A version as a file, on stdout. */
export async function exportAction(
  reference: string,
  { json = false, entity, format = 'yaml' }: { json?: boolean; entity?: string; format?: TemplateFormat },
): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const { template } = await referredTemplate(db, reference, entity);
    // Every text ends with a line's end, and the output adds one.
    const text = templateText(template, format).replace(/\r?\n$/, '');
    output.result(templateDocument(template), text);
  });
}

/** The JSON Schema of template files; nothing is started for it. */
export function schemaAction(): void {
  openOutput(true).result(templateJsonSchema(), '');
}
