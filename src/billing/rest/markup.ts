import type { Refusal } from './refusal.ts';
import { refusalOfComplaints } from './refusal-body.ts';

/** Elements that an error begins with: describe's and v1's own, SOAP's, and those of gateways. */
const ERROR_ROOT = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?<(?:[\w-]+:)?(?:errors?|fault|envelope|exception)\b/i;
const FAULT = /<(?:[\w-]+:)?(?:errors?|fault|exception)\b/i;

/**
 * What an error in XML says (wire.md 2.6), null for any other text. There is no documented shape, so the first
 * code and the first message in it are taken, whatever they lie in.
 */
export function refusalOfMarkup(text: string): Refusal | null {
  if (!ERROR_ROOT.test(text) || !FAULT.test(text)) return null;
  const code = first(text, /<(?:[\w-]+:)?(?:code|errorcode|faultcode)>([^<]{1,64})</i);
  const message = first(text, /<(?:[\w-]+:)?(?:message|faultmessage|faultstring|title)>([^<]+)</i);
  return refusalOfComplaints([{ code, message }]);
}

interface Page {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Whether a proxy, a firewall or a login page answered in the place of the API: nothing of Zuora's is HTML. */
export function isWebPage({ headers, text }: Page): boolean {
  return /^\s*<(!doctype\s+html|html)\b/i.test(text) || /^text\/html\b/i.test(headers['content-type'] ?? '');
}

/** A few words of what a web page says it is. */
export function titleOf(page: string): string {
  return first(page, /<title[^>]*>([^<]+)</i)?.slice(0, 80) ?? '';
}

function first(text: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(text)?.[1]?.replace(/\s+/g, ' ').trim();
  return found === '' ? undefined : found;
}
