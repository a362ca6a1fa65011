import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

import type { ObjectDescription } from '../port.ts';
import { failureOf, isNotFound } from './failure.ts';
import { refusalError } from './refusal.ts';
import { contextOf, jsonOf, unexpected, type Reply } from './reply.ts';
import type { Session } from './session.ts';

const LISTS = new Set([
  'object.fields.field',
  'object.fields.field.contexts.context',
  'object.related-objects.object',
]);

/** Values stay text (`maxlength` 1e5, a field named `true`), entities and DTDs are never worked on. */
const parser = new XMLParser({
  parseTagValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  isArray: (_name, path) => LISTS.has(String(path)),
});

/** An element without content parses to an empty string. */
const orEmpty = <T extends z.ZodType>(schema: T) => z.union([z.literal(''), schema]).optional();

const Field = z.object({
  name: z.string().min(1),
  type: z.string().default('text'),
  custom: z.string().optional(),
  contexts: orEmpty(z.object({ context: z.array(z.string()) })),
});
const Related = z.object({ name: z.string().min(1), path: z.string().optional() });
const Description = z.object({
  object: z.object({
    name: z.string().min(1),
    fields: orEmpty(z.object({ field: z.array(Field) })),
    'related-objects': orEmpty(z.object({ object: z.array(Related) })),
  }),
});

/**
 * `GET /v1/describe/{object}` (wire.md 2.3): the fields that an export may name, with their types in
 * lower case (`text`, `picklist`, `decimal`, `datetime`, ...), and the related objects by path. Null
 * when the tenant does not have the object or the credentials may not read it.
 */
export async function describeObject(session: Session, object: string): Promise<ObjectDescription | null> {
  const path = `/v1/describe/${encodeURIComponent(object)}?showRelationships=true&showCurrencyConversionInformation=yes`;
  const reply = await session.call({ method: 'GET', path, headers: { accept: 'text/xml, application/xml' } });

  const json = jsonOf(reply);
  if (reply.status === 403 || isNotFound(reply, json)) return null;
  const failure = failureOf(reply, json, session.hide);
  if (failure !== null) {
    if (failure.code === 'BILLING_PERMISSION_MISSING') return null;
    throw failure;
  }
  const parsed = Description.safeParse(parseXml(reply));
  if (parsed.success) return descriptionOf(parsed.data);
  if (saysUnavailable(reply.text)) return null;
  if (/<(error|message)/i.test(reply.text)) {
    const message = session.hide(textOf(reply.text)).slice(0, 300);
    throw refusalError({ kind: 'refused', message }, reply.call, contextOf(reply));
  }
  throw unexpected(reply, 'is not the description of an object', 'bug');
}

function descriptionOf({ object }: z.infer<typeof Description>): ObjectDescription {
  const fields = object.fields === '' ? [] : (object.fields?.field ?? []);
  const related = object['related-objects'] === '' ? [] : (object['related-objects']?.object ?? []);
  return {
    name: object.name,
    fields: fields
      .filter(({ contexts }) => contexts !== '' && contexts?.context.includes('export') === true)
      .map(({ name, type, custom }) => ({
        name,
        type: type.toLowerCase(),
        custom: name.endsWith('__c') || custom === 'true',
      })),
    related: related.map(({ name, path }) => ({ path: pathBelow(object.name, path ?? name), object: name })),
  };
}

/** Paths are told with or without the object they start from. */
function pathBelow(object: string, path: string): string {
  return path.startsWith(`${object}.`) ? path.slice(object.length + 1) : path;
}

function parseXml(reply: Reply): unknown {
  if (/<!(DOCTYPE|ENTITY)/i.test(reply.text)) {
    throw unexpected(reply, 'carries a document type, which no description has', 'fix-input');
  }
  // The parser closes what is open at the end of the text; half a description would lose fields.
  if (!/<\/object>\s*$/.test(reply.text)) return null;
  try {
    return parser.parse(reply.text);
  } catch {
    return null;
  }
}

/** Errors of describe are XML without a documented shape; these words are all there is to go by. */
function saysUnavailable(text: string): boolean {
  return (
    /<error/i.test(text) && /not[ _]?found|not exist|permi(t|ssion)|invalid object|\d{6}[14]0</i.test(text)
  );
}

function textOf(xml: string): string {
  return xml
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
