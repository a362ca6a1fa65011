import { statfs } from 'node:fs/promises';

const HALF_A_GIGABYTE = 512 * 1024 * 1024;

/**
 * Settings for bulk loads on two cores with plenty of memory. Commits stay durable: synchronous_commit and
 * fsync keep their defaults. Passed on the command line, so a later revsync changes them with its code.
 */
export async function postgresSettings(port: number): Promise<Readonly<Record<string, string>>> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '60',
    shared_buffers: '256MB',
    work_mem: '64MB',
    maintenance_work_mem: '256MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    max_parallel_workers_per_gather: '2',
    jit: 'off',
    dynamic_shared_memory_type: (await hasSharedMemory()) ? 'posix' : 'mmap',
  };
}

/** Containers often have 64 MB of it, which one parallel hash join fills. */
async function hasSharedMemory(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const found = await statfs('/dev/shm').catch(() => null);
  return found !== null && found.blocks * found.bsize >= HALF_A_GIGABYTE;
}
