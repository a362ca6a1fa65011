import { RevsyncError } from '../errors.ts';
import { CURRENCY_CODES } from '../money/minor-units.ts';
import { nearestName } from '../nearest-name.ts';

/** A profile under its Zuora name. */
export interface KnownProfile {
  readonly name: string;
  /** What it may be: words, or what has the pattern. */
  readonly allowed: readonly string[] | { readonly pattern: RegExp; readonly words: string };
  /** What counts while nobody set it; null: nothing does. */
  readonly default: string | null;
  readonly does: string;
}

const YES_NO = ['Yes', 'No'];
const Y_N = ['Y', 'N'];
/** ISO 4217; lines that have no rate to it are held, so a mistyped one would hold them for good. */
const CURRENCY = {
  pattern: new RegExp(`^(${CURRENCY_CODES.join('|')})?$`),
  words: 'a currency of ISO 4217, as USD, or nothing at all',
};
const TEXT = { pattern: /^[\x20-\x7e]{1,200}$/, words: '1 to 200 printable characters' };
const KEPT = 'Kept for the record; nothing here reads it yet.';

const profile = (
  name: string,
  allowed: KnownProfile['allowed'],
  standing: string | null,
  does: string,
): KnownProfile => ({ name, allowed, default: standing, does });

/** Every profile of domain.md sections 5.1 and 6. */
export const PROFILES: readonly KnownProfile[] = [
  profile(
    'KS_ENABLE_ZBILL_EXCHG_RATE',
    Y_N,
    'Y',
    'Y: billing lines take the rate that Billing converted by. N: the rate of the invoice date.',
  ),
  profile(
    'KS_ENABLE_PENDING_ORDERS_GEN',
    Y_N,
    'N',
    'Set by the settings sync; no source says what it does, and nothing here reads it.',
  ),
  profile('ZBILLING_INTEGRATION', YES_NO, 'Yes', 'Whether the integration with Zuora Billing is on.'),
  profile(
    'ZBILL_MULTI_ENTITY_MULTI_ORG',
    YES_NO,
    'No',
    'Whether Billing has several entities, each mapped to an organisation.',
  ),
  profile('AUTO_REVENUESYNC', YES_NO, 'No', 'Instant On: whether Revenue Sync runs by itself.'),
  profile(
    'BILLING_EXCHANGE_RATE_DATE',
    ['Latest Rate Available', 'Rate On Specified Date'],
    'Latest Rate Available',
    'What to do where there is no rate of the day: take the latest one before it, or hold the line.',
  ),
  profile(
    'REPORTING_CURRENCY',
    CURRENCY,
    null,
    'The currency that all entities report in; without it, each reports in its functional currency.',
  ),
  profile(
    'MAINTAIN_OPEN_PERIOD',
    ['Org', 'Book'],
    'Org',
    'What an accounting period is opened of; here always of an organisation.',
  ),
  profile(
    'ALLOW_OVERSTATED_INVOICE',
    YES_NO,
    'Yes',
    'Yes: an invoice above its booking raises the booking. No: the excess becomes a CM-C.',
  ),
  profile(
    'RETAIN_SO',
    YES_NO,
    'Yes',
    'Whether later lines follow the contract of their SO line. Here they do.',
  ),
  ...['SSP_WITHIN_FV_GRP_BY_COL', 'SEGMENT_DELIMITER', 'AUTO_RECON_DTL_REP_LAYOUT'].map((name) =>
    profile(name, TEXT, null, KEPT),
  ),
  ...['MULTI_CURR_FV_REPORT_LEVEL', 'AVERAGE_PRICING_METHOD'].map((name) => profile(name, TEXT, null, KEPT)),
  ...[
    'BOOKING_RECON_BY_RPC_UPDT_DT',
    'EX_RATE_VALIDATION',
    'ENABLE_SOURCE_R_EX_RATE',
    'ENABLE_CONTRACTUAL_PROSPECTIVE',
    'INVOICE_CONTRACT_RATABLE',
    'CREATE_RORD_CONTRA_ENTRY',
    'CONSUME_DELETED_TRANSACTION',
  ].map((name) => profile(name, YES_NO, null, KEPT)),
  profile('RAMP_HOLD_THRESHOLD', { pattern: /^\d{1,12}(\.\d{1,6})?$/, words: 'a number' }, null, KEPT),
  profile('ENABLE_CSV_DATA_SANITIZATION', ['BLOCK', 'SANITIZE', 'RAW'], null, KEPT),
];

/**
 * Looks whether a profile may be set to a value.
 *
 * @throws RevsyncError `PROFILE_UNKNOWN`, `PROFILE_VALUE_REFUSED`
 */
export function requireProfile(name: string, value: string): void {
  const known = PROFILES.find((each) => each.name === name);
  if (known === undefined) throw unknownProfile(name);
  refuseOther(name, known.allowed, value);
}

/** @throws RevsyncError `PROFILE_VALUE_REFUSED` */
export function refuseOther(subject: string, allowed: KnownProfile['allowed'], value: string): void {
  const fits = 'pattern' in allowed ? allowed.pattern.test(value) : allowed.includes(value);
  if (fits) return;
  const near = 'pattern' in allowed ? null : nearestName(value, allowed);
  const choice = 'pattern' in allowed ? allowed.words : allowed.join(' or ');
  throw new RevsyncError(`${subject} cannot be "${value}".`, {
    code: 'PROFILE_VALUE_REFUSED',
    fate: 'fix-input',
    remedy: near === null ? `It takes ${choice}.` : `It takes ${choice}; did you mean ${near}?`,
  });
}

function unknownProfile(name: string): RevsyncError {
  const near = nearestName(
    name,
    PROFILES.map((each) => each.name),
  );
  return new RevsyncError(`There is no profile ${name}.`, {
    code: 'PROFILE_UNKNOWN',
    fate: 'fix-input',
    remedy:
      near === null
        ? 'Take a name of `revsync profile list`; a lookup needs its --code.'
        : `Did you mean ${near}? A lookup needs its --code.`,
  });
}
