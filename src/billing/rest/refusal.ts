import { RevsyncError } from '../../domain/errors.ts';

/** The kinds of refusal that callers tell apart; Zuora has hundreds of codes for them. */
export type RefusalKind =
  'rate-limited' | 'busy' | 'credentials' | 'permission' | 'deletes-unsupported' | 'refused';

const KINDS: Readonly<
  Record<RefusalKind, { code: string; fate: 'retry' | 'fix-input'; what: string; remedy: string }>
> = {
  'rate-limited': {
    code: 'BILLING_RATE_LIMITED',
    fate: 'retry',
    what: 'has had too many calls',
    remedy: 'Wait; if it happens often, run fewer jobs at once or ask Zuora for a higher limit.',
  },
  busy: {
    code: 'BILLING_BUSY',
    fate: 'retry',
    what: 'cannot answer now',
    remedy: 'Wait and retry; if it lasts, look at the status page of Zuora.',
  },
  credentials: {
    code: 'BILLING_CREDENTIALS_REFUSED',
    fate: 'fix-input',
    what: 'refused a new token',
    remedy: 'Check that the user of ZUORA_CLIENT_ID is active and belongs to the tenant at ZUORA_BASE_URL.',
  },
  permission: {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    what: 'does not permit this call',
    remedy: 'Give the role of the integration user the permission for it, and access to the entity.',
  },
  'deletes-unsupported': {
    code: 'BILLING_DELETES_UNSUPPORTED',
    fate: 'fix-input',
    what: 'cannot tell deleted rows here',
    remedy: 'Submit the job again without the deleted columns.',
  },
  refused: {
    code: 'BILLING_REQUEST_REFUSED',
    fate: 'fix-input',
    what: 'refused the call',
    remedy: 'Correct what the message names; with the Zuora-Request-Id, Zuora Support can tell more.',
  },
};

export interface Refusal {
  readonly kind: RefusalKind;
  /** Zuora's own code, where it gave one. */
  readonly zuoraCode?: string | undefined;
  /** Zuora's own words, where it gave any. */
  readonly message?: string | undefined;
  /** Milliseconds. */
  readonly retryAfter?: number | undefined;
  readonly remedy?: string | undefined;
}

/** A refusal as the error that the caller's retry policy reads. */
export function refusalError(
  refusal: Refusal,
  call: { readonly method: string; readonly path: string },
  context: Readonly<Record<string, string | number>>,
): RevsyncError {
  const { code, fate, what, remedy } = KINDS[refusal.kind];
  const words = [refusal.zuoraCode, refusal.message].filter((part) => part !== undefined && part !== '');
  const said = words.length === 0 ? `HTTP ${context['status'] ?? ''}` : words.join(' ');
  return new RevsyncError(`Zuora Billing ${what} (${call.method} ${call.path}): ${said}`, {
    code,
    fate,
    remedy: refusal.remedy ?? remedy,
    context: { ...context, ...(refusal.zuoraCode === undefined ? {} : { zuoraCode: refusal.zuoraCode }) },
    ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
  });
}
