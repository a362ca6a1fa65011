import { type Call } from '../routes.ts';
import { CATEGORY, type Reply, v1Error } from '../replies.ts';

/** Which part of a list is asked for; pages count from 1. */
export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/** What is larger is treated as if it were this (wire.md 2.5). */
const MOST = 40;

/** The page that a call asks for, or what is wrong with it. */
export function pageOf({ query }: Call, unlessTold: number): Page | Reply {
  const page = Number(query.get('page') ?? 1);
  const pageSize = Number(query.get('pageSize') ?? unlessTold);
  for (const [name, value] of Object.entries({ page, pageSize })) {
    if (!Number.isInteger(value) || value < 1) {
      return refusedList(CATEGORY.invalid, `'${name}' must be a whole number from 1.`);
    }
  }
  return { page, pageSize: Math.min(pageSize, MOST) };
}

export function asksForPage({ query }: Call): boolean {
  return query.has('page') || query.has('pageSize');
}

/** The address of the page that follows, with everything else that was asked. */
export function nextPage({ base, path, query }: Call, { page, pageSize }: Page): string {
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  next.set('pageSize', String(pageSize));
  return `${base}${path}?${next.toString()}`;
}

/** A list that is there as a whole, page by page where pages are asked for. */
export function listReply<Item>(
  call: Call,
  items: readonly Item[],
  unlessTold: number | null,
): { readonly items: readonly Item[]; readonly nextPage?: string } | Reply {
  if (unlessTold === null && !asksForPage(call)) return { items };
  const page = pageOf(call, unlessTold ?? MOST);
  if ('status' in page) return page;
  const end = page.page * page.pageSize;
  const part = items.slice(end - page.pageSize, end);
  return end < items.length ? { items: part, nextPage: nextPage(call, page) } : { items: part };
}

/** /v1 refuses with HTTP 200 and `success: false` (wire.md 2.6). */
export function refusedList(category: string, message: string): Reply {
  return v1Error(200, category, message);
}
