import { z } from 'zod';

import type { SetupDefinition } from './setup-kind.ts';

/** What the files of every kind have beside their body. */
const HEAD = {
  $schema: z.string().max(500).optional(),
  name: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .refine((name) => !/\p{Cc}/u.test(name), 'has to be one line of text'),
  org: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'has to be the key of an organisation: 1 to 64 of A-Z a-z 0-9 . _ -')
    .nullish()
    .describe('The key of an organisation; without it, it serves those that have none of their own.'),
};

/** A set-up as a file has it. */
export interface Setup {
  readonly name: string;
  /** Null serves every organisation that has none of its own. */
  readonly org: string | null;
  readonly body: object;
}

/** The form of the files of a kind. */
export const setupFile = ({ schema }: SetupDefinition) => z.strictObject({ ...HEAD, ...schema.shape });

/** What a file that has its form says. */
export function setupOf(definition: SetupDefinition, file: Readonly<Record<string, unknown>>): Setup {
  const { name, org } = z.object(HEAD).parse(file);
  return { name, org: org ?? null, body: bodyOf(definition, file) };
}

/** The body with everything that may be left out; of one that was kept before the form grew, too. */
export function bodyOf({ schema }: SetupDefinition, body: object): object {
  return z.object(schema.shape).parse(body);
}

/** A set-up as files have it. Equal ones are the same to the letter. */
export function setupDocument(
  definition: SetupDefinition,
  { name, org, body }: Setup,
): Record<string, unknown> {
  return { name, ...(org === null ? {} : { org }), ...withoutNulls(bodyOf(definition, body)) };
}

const withoutNulls = (body: object): object =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));

/** The published JSON Schema of the files of a kind. */
export function setupJsonSchema(definition: SetupDefinition): object {
  const title = `revsync ${definition.noun}`;
  return z.toJSONSchema(setupFile(definition).meta({ title }), { io: 'input' });
}
