import { existsSync } from 'node:fs';

import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const CHROMIUM = process.env['REVSYNC_CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of its own, over a new profile in `folder`. */
export function openChromium(folder: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `There is no Chromium at ${CHROMIUM}. Install it (apt-get install chromium), or name one with REVSYNC_CHROMIUM.`,
    );
  }
  return chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, args: FLAGS, ...options });
}
