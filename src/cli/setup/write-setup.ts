import { stringify } from 'yaml';

import { type Setup, setupDocument } from '../../domain/setups/setup-file.ts';
import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';

export const SETUP_FORMATS = ['yaml', 'json'] as const;
export type SetupFormat = (typeof SETUP_FORMATS)[number];

const LINE_WIDTH = 110;

/** A set-up as a file: the same text for equal ones. */
export function setupText(definition: SetupDefinition, setup: Setup, format: SetupFormat): string {
  const document = setupDocument(definition, setup);
  return format === 'json'
    ? `${JSON.stringify(document, null, 2)}\n`
    : stringify(document, { lineWidth: LINE_WIDTH });
}
