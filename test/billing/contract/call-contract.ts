import { z } from 'zod';

/**
 * What one call of Zuora's API looks like on the wire, from both sides. The contracts in calls/ are written from
 * what is public of the API (its documents, its official SDK, recorded replies) and share nothing with the
 * schemas of the adapter or the sandbox: what both got wrong alike would not be found otherwise.
 */
export interface CallContract {
  /** As docs/zuora-api.md names it, with the variable parts of the path: `GET /v1/describe/{object}`. */
  readonly name: string;
  /** `token`: a bearer token and the session's headers; `open`: neither, the call brings or is its own proof. */
  readonly access: 'token' | 'open';
  /** `required` with Multi-entity and forbidden without; `optional`: about the tenant, not about an entity. */
  readonly entity?: 'required' | 'optional';
  /** Parameters after the question mark, each with all of its values; none where left out. */
  readonly query?: z.ZodType;
  /** Null: no body, and no word of its type. */
  readonly request: { readonly type: string; readonly body: z.ZodType } | null;
  readonly success: Content;
  /** The families of refusals that the call may answer with, whatever the status. */
  readonly refusals: readonly Refusal[];
  /** Headers that a reply has, in lower case. */
  readonly replyHeaders: readonly string[];
}

/** A body: JSON, the text of an XML document, or a file that is packed as its type says. */
export type Content =
  | { readonly kind: 'json'; readonly body: z.ZodType }
  | { readonly kind: 'xml'; readonly body: z.ZodType }
  | { readonly kind: 'file' };

/** A family of bodies that say no (wire.md 2.6), and the statuses that they come with. */
export interface Refusal {
  readonly name: string;
  readonly kind: 'json' | 'xml';
  readonly statuses: readonly number[];
  readonly body: z.ZodType;
}

export const JSON_TYPE = 'application/json';

/** Every value of every parameter. */
export type Query = Readonly<Record<string, readonly string[]>>;

/** A parameter that is there once. */
export const once = (value: z.ZodType) => z.tuple([value]);

/** The path of a contract's name as a pattern: `{object}` stands for one part, `{setting}` for one or more. */
export function pathOf({ name }: CallContract): { readonly method: string; readonly pattern: RegExp } {
  const [method = '', path = ''] = name.split(' ');
  const parts = path
    .split('/')
    .map((part) => (part === '{setting}' ? '[^?]+' : part.startsWith('{') ? '[^/?]+' : part));
  return { method, pattern: new RegExp(`^${parts.join('/')}$`) };
}

/** 32 hex digits, as ids of Zuora have. */
export const Id = z.string().regex(/^[0-9a-f]{32}$/);
/** A day of the calendar. */
export const Day = z.iso.date();
/** `2014-12-23 11:17:51`, in the tenant's time. */
export const PlainTime = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
/** `2016-10-20T05:46:14.000+02:00`. */
export const ZonedTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d:?\d\d|Z)$/);
/** Numbers of replies are numbers, never text. */
export const Amount = z.number();
