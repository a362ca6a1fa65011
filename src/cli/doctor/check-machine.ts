import { type Check, failed, passed } from './check.ts';

const NEEDED = [20, 20] as const;

/** Whether this Node is new enough; `version` as `process.versions.node`. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  const needed = NEEDED.join('.');
  return enough
    ? passed('node', `Node ${version}.`)
    : failed('node', `Node ${version} is older than ${needed}.`, `Install Node ${needed} or later.`);
}
