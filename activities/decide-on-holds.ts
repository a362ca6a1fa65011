import type { RejectHoldMessage, ReleaseHoldMessage } from '../src/domain/operator/messages.ts';
import type { Decided } from '../src/store/holds/record-decision.ts';
import { rejectHold } from '../src/store/holds/reject.ts';
import { releaseHold } from '../src/store/holds/release.ts';
import { chooseOrganization } from './choose-organization.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';

/** What a person decided, for which organisation, and what makes its repetition the same decision. */
interface Asked {
  readonly org?: string | undefined;
  readonly request: string;
}

export function createHoldActivities({ db }: Dependencies) {
  return {
    /** Releases held lines; the next collection takes them. Safe to repeat. */
    async releaseHeldLines({ org, ...release }: ReleaseHoldMessage & Asked): Promise<Decided> {
      return whileHeartbeating(async () =>
        releaseHold(db, { ...release, org: await chooseOrganization(db, org) }),
      );
    },

    /** Rejects held lines for good. Safe to repeat. */
    async rejectHeldLines({ org, ...rejection }: RejectHoldMessage & Asked): Promise<Decided> {
      return whileHeartbeating(async () =>
        rejectHold(db, { ...rejection, org: await chooseOrganization(db, org) }),
      );
    },
  };
}
export type HoldActivities = ReturnType<typeof createHoldActivities>;
export type { Decided };
