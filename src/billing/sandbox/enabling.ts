import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import { isMemo } from '../../domain/settlement/memos.ts';
import { type Tenant } from './tenant.ts';

/** A tenant for which Invoice Settlement may be enabled at run time. */
export interface Enabling {
  readonly tenant: Tenant;
  /** From then on it has memo objects; as in Zuora it never loses them again. */
  readonly enableSettlement: () => void;
}

export function enabling(tenant: Tenant): Enabling {
  let settled = false;
  const withMemos = (objects: readonly string[]): readonly string[] =>
    CATALOGUE.map(({ name }) => name).filter((name) => isMemo(name) || objects.includes(name));
  return {
    tenant: {
      ...tenant,
      get objects() {
        return settled ? withMemos(tenant.objects) : tenant.objects;
      },
    },
    enableSettlement: () => void (settled = true),
  };
}
