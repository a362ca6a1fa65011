import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

/** Where pictures of a run are kept, for people to look at. */
const PICTURES = join(import.meta.dirname, '..', '..', 'test-results', 'temporal-ui');

export interface SentUpdate {
  readonly name: string;
  /** Typed into the box as it is; nothing where left out. */
  readonly data?: string;
}

/** The Temporal UI, used as an operator does. */
export interface TemporalUi {
  /** Fills in the form and starts; `data` is typed into its box as it is. */
  start(form: { readonly type: string; readonly workflowId: string; readonly data: string }): Promise<void>;
  /** Sends by the dialog; answers what the dialog says where it stays open, null where it took it. */
  update(workflowId: string, sent: SentUpdate): Promise<string | null>;
  signal(workflowId: string, sent: SentUpdate): Promise<void>;
  /** Names and descriptions that the dialog offers. */
  offered(workflowId: string): Promise<string>;
  /** The text of the current details, refreshed as the page says. */
  details(workflowId: string): Promise<string>;
  /** The text of the list that a query finds. */
  list(query: string): Promise<string>;
  picture(name: string): Promise<void>;
}

const PATIENCE = 60_000;

const MENU = { update: 'update-button', signal: 'signal-button' } as const;

export function openTemporalUi(page: Page, url: string): TemporalUi {
  const base = `${url}/namespaces/default/workflows`;
  const pageOf = (workflowId: string): string => `${base}/${encodeURIComponent(workflowId)}`;
  // The page has its menus twice, for narrow and for wide windows.
  const visible = (testId: string): Locator => page.locator(`[data-testid="${testId}"]:visible`).first();
  const dialog = (): Locator => page.locator('dialog[open]:visible').first();
  /** What the dialog says under its box; empty while it says nothing. */
  const said = async (): Promise<string> =>
    (await dialog().innerText())
      .split('(only single JSON payload supported)')[1]
      ?.replace(/Cancel\s+Submit\s*$/, '')
      .trim() ?? '';

  const write = async (box: Locator, data: string): Promise<void> => {
    await box.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(data);
  };
  /** The tab is told by the address, whose last part the page itself adds. */
  const open = async (workflowId: string, tab: string): Promise<void> => {
    await page.goto(pageOf(workflowId));
    await page.waitForURL(/\/history/);
    if (tab !== 'history') await page.goto(page.url().replace(/\/history.*$/, `/${tab}`));
  };
  const openDialog = async (workflowId: string, kind: keyof typeof MENU): Promise<void> => {
    await open(workflowId, 'history');
    await page.getByRole('button', { name: 'More Actions' }).click();
    await visible(MENU[kind]).click();
    await visible(`${kind}-select-button`).click();
  };
  const send = async (workflowId: string, kind: keyof typeof MENU, { name, data }: SentUpdate) => {
    await openDialog(workflowId, kind);
    await page
      .getByRole('option')
      .filter({ hasText: new RegExp(`^\\s*${name}\\b`) })
      .first()
      .click();
    if (data !== undefined) await write(dialog().locator('[contenteditable=true]').first(), data);
    // The box lays out what was typed when it is left, and the button moves away from under the mouse.
    await dialog().evaluate(
      (box) =>
        box.ownerDocument.activeElement instanceof HTMLElement && box.ownerDocument.activeElement.blur(),
    );
    await page.waitForTimeout(300);
    await visible('confirm-modal-button').click();
  };

  return {
    async start({ type, workflowId, data }) {
      await page.goto(`${base}/start-workflow?taskQueue=revsync&workflowType=${type}`);
      await page.getByText('Task Queue is Active').waitFor();
      await page.locator('#workflowId').fill(workflowId);
      await write(page.locator('[contenteditable=true]:visible').first(), data);
      const sent = page.waitForResponse((response) => response.request().method() === 'POST');
      await visible('start-workflow-button').click();
      await sent;
    },
    async update(workflowId, sent) {
      await send(workflowId, 'update', sent);
      const box = dialog();
      for (const end = Date.now() + PATIENCE; Date.now() < end;) {
        if (!(await box.isVisible())) return null;
        const refusal = await said().catch(() => '');
        if (refusal !== '' && !refusal.includes('Update in progress')) return refusal;
        await page.waitForTimeout(100);
      }
      throw new Error(`the dialog says nothing: ${await box.innerText()}`);
    },
    async signal(workflowId, sent) {
      await send(workflowId, 'signal', sent);
      await dialog().waitFor({ state: 'hidden' });
    },
    async offered(workflowId) {
      await openDialog(workflowId, 'update');
      const options = page.getByRole('option').filter({ hasText: 'Data:' });
      await options.first().waitFor();
      return (await options.allInnerTexts()).join('\n');
    },
    async details(workflowId) {
      await open(workflowId, 'user-metadata');
      // Beside the summary, which is a frame, too.
      const text = page.frameLocator('iframe').last().locator('body');
      await text.getByRole('table').waitFor();
      return text.innerText();
    },
    async list(query) {
      await page.goto(`${base}?query=${encodeURIComponent(query)}`);
      await page.locator('table a').first().waitFor();
      return page.locator('table').first().innerText();
    },
    async picture(name) {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    },
  };
}
