import type { Billing } from '../src/billing/port.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import type { SettingRead } from '../src/domain/settings/setting-read.ts';

/** A setting that is kept from the credentials, or that Billing does not know, is not known: never a guess. */
const KEPT_FROM_US = new Set(['BILLING_PERMISSION_MISSING', 'BILLING_REQUEST_REFUSED']);

/** Reads a setting of Billing where a refusal is an answer, too; any other failure is thrown. */
export async function readSetting(port: Billing, key: string): Promise<SettingRead> {
  try {
    const body = await port.setting(key);
    return body === null ? { state: 'absent' } : { state: 'told', body };
  } catch (error) {
    if (error instanceof RevsyncError && KEPT_FROM_US.has(error.code)) return { state: 'refused' };
    throw error;
  }
}
