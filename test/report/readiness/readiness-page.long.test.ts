import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readinessPage } from '../../../src/report/readiness/readiness-page.ts';
import { openChromium } from '../../support/chromium.ts';
import { aReport, HOSTILE } from '../../support/readiness-reports.ts';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe('the readiness page in Chromium', () => {
  let folder: string;
  let browser: BrowserContext;
  let page: Page;
  const at = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revsync-page-'));
    await writeFile(join(folder, 'plain.html'), readinessPage(aReport()));
    await writeFile(join(folder, 'hostile.html'), readinessPage(aReport({}, HOSTILE)));
    await writeFile(join(folder, 'endless.html'), readinessPage(aReport({}, 'W'.repeat(300))));
    // axe is put into the page, which lets nothing in
    browser = await openChromium(join(folder, 'profile'), { bypassCSP: true });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  const violations = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    const found = (await page.evaluate('axe.run()')) as { readonly violations: readonly Violation[] };
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  };

  test.each(['light', 'dark'] as const)('has no accessibility violation in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(at('plain'));
      expect(await violations()).toEqual([]);
    }
  });

  test.each(['plain', 'hostile', 'endless'])('does not scroll sideways on a phone: %s', async (name) => {
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto(at(name));
    const sizes = await page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(sizes).toEqual([360, 360]);
  });

  test('runs nothing that the tenant wrote', async () => {
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(at('hostile'));
    expect(await page.evaluate('document.scripts.length + document.images.length')).toBe(0);
    expect(dialogs).toEqual([]);
  });

  test('the first thing the keyboard reaches skips to the report', async () => {
    await page.goto(at('plain'));
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#main$/);
  });

  test('prints on white, dark mode or not, as a PDF of a few pages without the links', async () => {
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await page.goto(at('plain'));
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('nav')).display`)).toBe('none');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('tbody tr')).breakInside`)).toBe(
      'avoid',
    );
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThan(12);
  });
});
