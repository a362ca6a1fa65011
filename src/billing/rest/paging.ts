import { z } from 'zod';

import { fit, unexpected, type Reply } from './reply.ts';
import type { Session } from './session.ts';

const Paged = z.object({ nextPage: z.string().nullish() });

/**
 * The replies of a list, page by page, following `nextPage` as the server gives it (wire.md 2.5). Throws
 * `BILLING_REPLY_UNEXPECTED` when that leads to another host, or back to a page that has been read.
 * `nextPath` makes a path of it where it is no address.
 */
export async function* readPages(
  session: Session,
  first: string,
  nextPath: (nextPage: string) => string = (nextPage) => nextPage,
): AsyncGenerator<{ reply: Reply; body: unknown }> {
  const read = new Set<string>();
  for (let path: string | null = first; path !== null;) {
    read.add(path);
    const page: { reply: Reply; body: unknown } = await session.json({ method: 'GET', path });
    yield page;

    const { nextPage } = fit(Paged, page.body, page.reply);
    path = nextPage ? pathOn(session.host, nextPath(nextPage), page.reply) : null;
    if (path !== null && read.has(path)) {
      throw unexpected(page.reply, 'names a page that has been read as the next one', 'bug');
    }
  }
}

/** The path of an address, which may be relative to the host but may not leave it: the token goes there. */
function pathOn(host: string, nextPage: string, reply: Reply): string {
  const own = `http://${host}${reply.call.path}`;
  const url = URL.canParse(nextPage, own) ? new URL(nextPage, own) : null;
  // `https://host:443` and `http://host:80` are both `host`.
  if (url === null || !/^https?:$/.test(url.protocol) || url.host !== new URL(own).host) {
    throw unexpected(reply, 'names a next page on another host', 'bug');
  }
  return url.pathname + url.search;
}
