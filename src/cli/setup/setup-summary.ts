import type { SetupVersion } from '../../store/setups/setup-versions.ts';

/** A version without its body. */
export type SetupSummary = Omit<SetupVersion, 'body' | 'mistakes'> & {
  /** Null before the first check. */
  readonly mistakeCount: number | null;
};

export function summaryOf({ body: _, mistakes, ...version }: SetupVersion): SetupSummary {
  return { ...version, mistakeCount: mistakes?.length ?? null };
}

/** Whom a set-up is for, as a sentence has it. */
export const whose = (org: string | null): string => org ?? 'every organisation without one of its own';
