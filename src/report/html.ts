/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

/** What a hole of the template takes: text is escaped, markup is not, lists are joined, nothing is nothing. */
export type Hole = string | Html | null | undefined | readonly Hole[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, which no page may hold, and those that turn the direction of the text around them. */
// oxlint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

/** Text for a page: nothing in it is read as markup, in an attribute in quotes neither. */
export const escaped = (text: string): string =>
  text.replace(UNFIT, '\ufffd').replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');

/** A tagged template: whatever is not made by it is escaped. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  return {
    markup: parts.map((part, at) => (at === 0 ? part : `${markupOf(holes[at - 1])}${part}`)).join(''),
  };
}

/** Constant markup of ours, such as a style sheet; never text of a tenant's. */
export const trusted = (markup: string): Html => ({ markup });

function markupOf(hole: Hole): string {
  if (hole === null || hole === undefined) return '';
  if (typeof hole === 'string') return escaped(hole);
  return 'markup' in hole ? hole.markup : hole.map(markupOf).join('');
}
