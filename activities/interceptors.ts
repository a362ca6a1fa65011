import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import { failureInterceptor } from './failure.ts';
import { heartbeatInterceptor } from './heartbeating.ts';
import { type Observer, reportingInterceptor } from './reporting.ts';

/** What goes around every activity, outermost first. */
export const activityInterceptors: ActivityInterceptorsFactory[] = [
  () => ({ inbound: failureInterceptor }),
  () => ({ inbound: heartbeatInterceptor }),
];

/** The same for a worker that tells how its activities end. */
export const observedInterceptors = (observer: Observer): ActivityInterceptorsFactory[] => [
  () => ({ inbound: reportingInterceptor(observer) }),
  ...activityInterceptors,
];
