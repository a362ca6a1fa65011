import { reasonOf } from '../domain/errors.ts';
import { type Report, tookSince } from './report.ts';

/** One way to come by a program. */
export interface Way {
  /** For the report and the message: `temporal on PATH`. */
  readonly name: string;
  /** Said before it starts, when it takes long. */
  readonly announce?: string;
  readonly find: () => Promise<Found>;
}

export type Found = { readonly path: string } | { readonly reason: string };

/** The program, or for every way that was tried why it did not lead there. */
export type Outcome = { readonly path: string } | { readonly tried: readonly string[] };

/** Tries the ways in order until one finds `what`; says which one it was, and how long each long one took. */
export async function firstThatWorks(what: string, ways: readonly Way[], report: Report): Promise<Outcome> {
  const tried: string[] = [];
  for (const way of ways) {
    const start = performance.now();
    if (way.announce !== undefined) report(`${what}: ${way.announce} ...`);
    const found = await way.find().catch((error: unknown): Found => ({ reason: reasonOf(error) }));
    if ('path' in found) {
      report(`${what}: ${way.name}, ${found.path} (${tookSince(start)})`);
      return found;
    }
    if (way.announce !== undefined) report(`${what}: ${way.name}: ${found.reason} (${tookSince(start)})`);
    tried.push(`${way.name}: ${found.reason}`);
  }
  return { tried };
}
