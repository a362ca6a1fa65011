import type { z } from 'zod';

import type { Mistake } from '../mapping/checks/mistake.ts';

/** What revsync keeps versions of for Data Collection, each with one default per organisation. */
export type SetupKind = 'grouping' | 'obligations' | 'validation';

/** A pre-configured one. Its body follows the code: a changed body becomes the next version. */
export interface SeededSetup<Body> {
  readonly name: string;
  readonly body: Body;
  /** Whether it is what organisations go by that have chosen none; else it is there to be chosen. */
  readonly isDefault: boolean;
}

/** Names in the database that set-ups may refer to; those that are not told are not checked. */
export interface KnownNames {
  /** The organisations; before the first sync there is none, and any may come. */
  readonly orgs?: readonly string[];
  readonly lookups?: readonly string[];
}

/** One kind of set-up: how its files look, what can be wrong with them, and which are pre-configured. */
export interface SetupDefinition<Body = object> {
  readonly kind: SetupKind;
  /** The command that keeps them: `revsync grouping`. */
  readonly command: string;
  /** What people call one: `grouping template`. */
  readonly noun: string;
  /** Ends "… is the default: it ": `groups the SO lines of …`. */
  readonly does: string;
  /** The body: what files have beside name and organisation. */
  readonly schema: z.ZodObject<z.ZodRawShape, z.core.$strict>;
  /** What the form cannot tell, of what can be read of a body; paths as `rules[2].keys[0]`. */
  check(body: Body, known: KnownNames): readonly Mistake[];
  /** What to write for a part that is missing or no good, by its name. */
  readonly examples: Readonly<Record<string, string>>;
  readonly seeds: readonly SeededSetup<Body>[];
}

/**
 * Defines a kind by the shape of its body. `check` may return mistakes in any order; it is called with every part
 * that has its form, so that all mistakes come at once: a list may lack elements, and what the schema has a
 * default for may have it.
 */
export function defineSetup<Shape extends z.ZodRawShape>(definition: {
  readonly kind: SetupKind;
  readonly command: string;
  readonly noun: string;
  readonly does: string;
  readonly schema: z.ZodObject<Shape, z.core.$strict>;
  readonly check: (
    body: z.output<z.ZodObject<Shape, z.core.$strict>>,
    known: KnownNames,
  ) => readonly Mistake[];
  readonly examples: Readonly<Record<string, string>>;
  readonly seeds: readonly SeededSetup<z.output<z.ZodObject<Shape, z.core.$strict>>>[];
}): SetupDefinition {
  return definition as unknown as SetupDefinition;
}
