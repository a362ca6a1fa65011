import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

import type { ObjectDescription } from '../port.ts';
import { failureOf, isNotFound } from './failure.ts';
import { isWebPage, refusalOfMarkup } from './markup.ts';
import { refusalError } from './refusal.ts';
import { contextOf, jsonOf, NOT_THE_API, unexpected, type Reply } from './reply.ts';
import type { Session } from './session.ts';

const LISTS = new Set([
  'object.fields.field',
  'object.fields.field.contexts.context',
  'object.related-objects.object',
]);
/** What the list of objects is called itself is nowhere told. */
const LISTED = /^[^.]+\.object$/;

const XML = { accept: 'text/xml, application/xml' };

/** Values stay text (`maxlength` 1e5, a field named `true`), entities and DTDs are never worked on. */
const parser = new XMLParser({
  parseTagValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  isArray: (_name, path) => LISTS.has(String(path)) || LISTED.test(String(path)),
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

const ObjectList = z.record(z.string(), z.object({ object: z.array(z.object({ name: z.string().min(1) })) }));

/** `GET /v1/describe` (wire.md 2.3): the names of all objects, as it lists them. */
export async function listObjects(session: Session): Promise<readonly string[]> {
  const reply = await session.call({ method: 'GET', path: '/v1/describe', headers: XML });
  const failure = failureOf(reply, jsonOf(reply), session.hide);
  if (failure !== null) throw failure;
  const parsed = ObjectList.safeParse(parseXml(reply));
  if (!parsed.success) throw otherThan('a list of objects', session, reply);
  return Object.values(parsed.data).flatMap(({ object }) => object.map(({ name }) => name));
}

/**
 * `GET /v1/describe/{object}` (wire.md 2.3): the fields that an export may name, with their types in
 * lower case (`text`, `picklist`, `decimal`, `datetime`, ...), and the related objects by path. Null
 * when the tenant does not have the object or the credentials may not read it.
 */
export async function describeObject(session: Session, object: string): Promise<ObjectDescription | null> {
  const path = `/v1/describe/${encodeURIComponent(object)}?showRelationships=true&showCurrencyConversionInformation=yes`;
  const reply = await session.call({ method: 'GET', path, headers: XML });

  const json = jsonOf(reply);
  // A firewall's page is no answer: an object would go missing without a word.
  if ((reply.status === 403 && !isWebPage(reply)) || isNotFound(reply, json)) return null;
  const failure = failureOf(reply, json, session.hide);
  if (failure !== null) {
    if (failure.code === 'BILLING_PERMISSION_MISSING') return null;
    throw failure;
  }
  const parsed = Description.safeParse(parseXml(reply));
  if (parsed.success) return descriptionOf(parsed.data);
  if (saysUnavailable(reply.text)) return null;
  throw otherThan('the description of an object', session, reply);
}

/** An error in XML, in its own words, or something that nobody can read. */
function otherThan(wanted: string, session: Session, reply: Reply): Error {
  if (!/<(error|message)/i.test(reply.text)) return unexpected(reply, `is not ${wanted}`, 'bug');
  const message = session.hide(textOf(reply.text)).slice(0, 300);
  const refusal = refusalOfMarkup(reply.text) ?? { kind: 'refused' };
  return refusalError({ ...refusal, message }, reply.call, contextOf(reply));
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
  if (isWebPage(reply)) throw unexpected(reply, 'is a web page', 'fix-input', NOT_THE_API);
  if (/<!(DOCTYPE|ENTITY)/i.test(reply.text)) {
    throw unexpected(reply, 'carries a document type, which no description has', 'fix-input');
  }
  try {
    const parsed: object = parser.parse(reply.text);
    // The parser closes what is open at the end of the text; half a description would lose fields.
    return reply.text.trimEnd().endsWith(`</${Object.keys(parsed)[0]}>`) ? parsed : null;
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
