import { RevsyncError } from '../../domain/errors.ts';

/** What a view of the tenant adds to its calls; functions are asked at each call. */
export interface View {
  readonly version?: string | undefined;
  readonly entityId?: string | null | undefined;
  /** The organisations to speak for, of a tenant with Multi-Org; without any, all that the user may see. */
  readonly orgIds?: readonly string[] | undefined;
  readonly trackId?: string | (() => string | undefined) | undefined;
}

/** The headers of wire.md 2.1 that every call but the token's carries. */
export function headersOf(view: View, token: string): Record<string, string> {
  const trackId = sanitiseTrackId(typeof view.trackId === 'function' ? view.trackId() : view.trackId);
  const orgIds = (view.orgIds ?? []).map(orgId).join(',');
  return {
    authorization: `Bearer ${token}`,
    'accept-encoding': 'gzip',
    ...(view.version === undefined ? {} : { 'zuora-version': view.version }),
    ...(view.entityId == null ? {} : { 'zuora-entity-ids': hyphenateEntityId(view.entityId) }),
    ...(orgIds === '' ? {} : { 'zuora-org-ids': orgIds }),
    ...(trackId === '' ? {} : { 'zuora-track-id': trackId }),
  };
}

/** At most 64 printable US-ASCII characters without `: ; " '`; what does not fit becomes a hyphen. */
export function sanitiseTrackId(trackId: string | undefined): string {
  return (trackId ?? '')
    .replace(/[^\x20-\x7e]|[:;"']/gu, '-')
    .trim()
    .slice(0, 64)
    .trimEnd();
}

/** `/v1/entities` tells ids of 32 hex digits, the header wants the UUID 8-4-4-4-12. */
export function hyphenateEntityId(id: string): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(id)) {
    throw new RevsyncError('The id of the Billing entity has characters that no entity id has', {
      code: 'BILLING_ENTITY_INVALID',
      fate: 'fix-input',
      remedy: 'Use the id that Billing lists for the entity.',
    });
  }
  return /^[0-9a-f]{32}$/i.test(id) ? id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : id;
}

function orgId(id: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(id)) return id;
  throw new RevsyncError('The id of an organisation has characters that no organisation id has', {
    code: 'BILLING_ORG_INVALID',
    fate: 'fix-input',
    remedy: 'Set ZUORA_ORG_IDS to ids as Billing lists them, with commas between them.',
  });
}
