import { Agent, request } from 'undici';

import type { Notice } from '../domain/enablement/notice.ts';
import { RevsyncError } from '../domain/errors.ts';

const PATIENCE = 10_000;
/** What an endpoint answers is not read; this much of it keeps the connection usable. */
const LONGEST_REPLY = 64 * 1024;

/** Where notices are posted; undefined: nowhere. */
export interface NoticeTargets {
  /** REVSYNC_WEBHOOK_URL. */
  readonly webhook: string | undefined;
  /** REVSYNC_ESCALATION_URL: where escalations go instead. */
  readonly escalation: string | undefined;
}

/** Posts a notice; false: no webhook is configured for it. */
export type Notify = (notice: Notice) => Promise<boolean>;

/**
 * Posts notices as JSON. No redirect is followed: where a notice goes is decided by the configuration alone. What the
 * URL says besides its host may be a key, so that no message has it.
 *
 * @throws RevsyncError `WEBHOOK_FAILED`
 */
export function createNotifier(
  { webhook, escalation }: NoticeTargets,
  { patience = PATIENCE }: { readonly patience?: number } = {},
): Notify {
  return async (notice) => {
    const target = notice.event === 'escalation' ? (escalation ?? webhook) : webhook;
    if (target === undefined) return false;
    await post(target, notice, patience);
    return true;
  };
}

async function post(target: string, notice: Notice, patience: number): Promise<void> {
  const { host } = new URL(target);
  // Of its own: a worker posts once in days, and nothing stays open for it.
  const dispatcher = new Agent({ connect: { timeout: patience } });
  try {
    const { statusCode, body } = await request(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'revsync' },
      body: JSON.stringify(notice),
      dispatcher,
      signal: AbortSignal.timeout(patience),
    });
    await body.dump({ limit: LONGEST_REPLY }).catch(() => undefined);
    if (statusCode < 200 || statusCode > 299) throw failed(host, answered(statusCode));
  } catch (error) {
    throw error instanceof RevsyncError ? error : failed(host, whyOf(error));
  } finally {
    await dispatcher.destroy();
  }
}

const answered = (status: number): string =>
  status >= 300 && status <= 399
    ? `answered ${status}, a redirect, which is not followed`
    : `answered ${status}`;

/** Of the socket's error its code only: its text may repeat the URL. */
function whyOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'did not answer in time';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? `could not be reached (${code})` : 'could not be reached';
}

const failed = (host: string, what: string): RevsyncError =>
  new RevsyncError(`The webhook at ${host} ${what}.`, {
    code: 'WEBHOOK_FAILED',
    fate: 'retry',
    remedy: 'Check REVSYNC_WEBHOOK_URL and REVSYNC_ESCALATION_URL, and what answers there.',
  });
