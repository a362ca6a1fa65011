import type { Feature } from './feature.ts';
import { LINE_FEATURES } from './line-features.ts';
import { TENANT_FEATURES } from './tenant-features.ts';

/** Everything revsync does that depends on what the credentials may do in Billing. */
export const FEATURES: readonly Feature[] = [...LINE_FEATURES, ...TENANT_FEATURES];
