import { z } from 'zod';

/** Input of `settingsSync`: `{}`, since it is always about the whole tenant. */
export const SettingsInput = z.strictObject({});

export const SETTINGS_EXAMPLE = '{}';
