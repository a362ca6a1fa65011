import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DCLinter } from 'dclint';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '..', '..');
/** A file of the project. */
export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly user?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

export const composeOf = (file: string): Compose => parse(read(file), { merge: true }) as Compose;

/** What the linter checks beyond the specification and we decide otherwise: the order in which things are read. */
const STYLE_LEFT_TO_US = {
  'no-build-and-image': 0,
  'service-dependencies-alphabetical-order': 0,
  'service-keys-order': 0,
  'services-alphabetical-order': 0,
  'top-level-properties-order': 0,
} as const;

interface LintResult {
  readonly messages: readonly { readonly line: number; readonly rule: string; readonly message: string }[];
}

/** What is wrong with a file by the Compose Specification, as `line: rule: message`. */
export function lint(file: string): string[] {
  const linter = new DCLinter({ rules: STYLE_LEFT_TO_US, quiet: false, debug: false, exclude: [] });
  const results = linter.lintFiles([join(ROOT, file)], false) as LintResult[];
  return results.flatMap(({ messages }) =>
    messages.map(({ line, rule, message }) => `${line}: ${rule}: ${message}`),
  );
}
