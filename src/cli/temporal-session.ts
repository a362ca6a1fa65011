import type { Client } from '@temporalio/client';

import { connectForCommand, type CommandDatabase, migrate } from './database.ts';
import type { Output } from './output.ts';
import { closeLater, type Ground, openGround, openServers } from './session.ts';
import { connectTemporal, temporalAccess } from './temporal-access.ts';
import { requireWorkerLogin } from './worker-login.ts';

/** Who sees some organisations only would see those of all. */
const TOGETHER = 'Temporal keeps the schedules of all organisations together.';

/** A session that looks at Temporal and changes what is there, and runs nothing itself. */
export interface TemporalSession extends Ground {
  readonly database: CommandDatabase;
  readonly temporal: Client;
}

/**
 * Runs `work` with a database and Temporal: those of the environment or of a running `up`, else its own for the while.
 *
 * @throws RevsyncError `DATABASE_ROLE_INSUFFICIENT`
 */
export async function withTemporal<Result>(
  output: Output,
  work: (session: TemporalSession) => Promise<Result>,
): Promise<Result> {
  const ground = await openGround(output);
  await requireWorkerLogin(ground.configuration, { why: TOGETHER });
  const closing = closeLater(output);
  try {
    const servers = await openServers(ground, closing, { database: true, temporal: true });
    if (ground.configuration.DATABASE_URL === undefined) await migrate(servers.database);
    const database = await connectForCommand(servers.database);
    closing.add(() => database.db.destroy());
    const temporal = await connectTemporal(temporalAccess(servers.temporal, ground.configuration));
    closing.add(() => temporal.connection.close());
    return await work({ ...ground, database, temporal });
  } finally {
    await closing.now();
  }
}
