import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import { SETTINGS_EXAMPLE, SettingsInput } from '../src/domain/settings/settings-input.ts';
import type { SettingsReport } from '../src/domain/settings/settings-result.ts';
import { openDesk, RunAborted } from './desk.ts';
import { parseInput } from './parse-input.ts';
import { activities, LONG, QUICK } from './proxies.ts';
import { REVSYNC_TENANT } from './search-attributes.ts';

const quick = activities(QUICK);
const long = activities(LONG);

const STEPS = [
  { step: 'read', title: 'Read the settings of Billing' },
  { step: 'configure', title: 'Configure profiles and lookups' },
] as const;

export interface SettingsOutcome extends Omit<SettingsReport, 'outcome'> {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: SettingsReport['outcome'] | 'aborted';
}

const NOTHING: Omit<SettingsReport, 'outcome'> = {
  entities: [],
  rules: [],
  features: [],
  changes: [],
  kept: [],
  leftOut: { entities: 0, rules: 0, features: 0, changes: 0, kept: 0 },
};

/**
 * Settings sync (enablement step 4): what Billing's settings say, per entity, and the profiles and lookups that follow
 * from them. Run again after a change it writes the difference, and nothing where there is none.
 */
export async function settingsSync(raw?: unknown): Promise<SettingsOutcome> {
  parseInput(SettingsInput, SETTINGS_EXAMPLE, raw);
  const desk = openDesk('settingsSync', 'Settings sync', STEPS);
  const { workflowId, runId } = workflowInfo();
  try {
    const { tenant } = await desk.step(
      'read',
      () => long.readSettings.executeWithOptions({ summary: 'rules and features of every entity' }, []),
      ({ entities, misfits, unknown }) =>
        `${entities} entities: ${misfits} rules do not fit, ${unknown} are not known`,
    );
    upsertSearchAttributes([{ key: REVSYNC_TENANT, value: tenant }]);
    const report = await desk.step(
      'configure',
      () => quick.configureSettings.executeWithOptions({ summary: 'what follows from them' }, []),
      ({ changes, kept, leftOut }) =>
        `${changes.length + leftOut.changes} changes, ${kept.length + leftOut.kept} kept as a person set them`,
    );
    desk.finish(report.outcome);
    return { workflowId, runId, ...report };
  } catch (error) {
    if (!(error instanceof RunAborted)) throw error;
    desk.finish('aborted');
    return { workflowId, runId, ...NOTHING, outcome: 'aborted' };
  }
}
