import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import { failureInterceptor } from './failure.ts';
import { heartbeatInterceptor } from './heartbeating.ts';

/** What goes around every activity, outermost first. */
export const activityInterceptors: ActivityInterceptorsFactory[] = [
  () => ({ inbound: failureInterceptor }),
  () => ({ inbound: heartbeatInterceptor }),
];
