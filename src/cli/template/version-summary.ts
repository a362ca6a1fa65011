import type { TemplateVersion } from '../../store/templates/template-versions.ts';

/** A version without its parts. */
export type TemplateSummary = Omit<TemplateVersion, 'template' | 'mistakes'> & {
  readonly rowCount: number;
  /** Null before the first check. */
  readonly mistakeCount: number | null;
};

export function summaryOf({ template, mistakes, ...version }: TemplateVersion): TemplateSummary {
  return { ...version, rowCount: template.rows.length, mistakeCount: mistakes?.length ?? null };
}
