import type { Difference } from './texts.ts';

/** The differences that a result names; the proof in the database has all of them. */
const TOLD = 5;

/** Of a proof: how many totals were compared, how many differ, and the first of these. */
export interface ProofSummary {
  readonly compared: number;
  readonly different: number;
  readonly first: readonly Difference[];
}

/** The report of an entity as a workflow answers it: its size does not grow with currencies and statuses. */
export function withoutProof<
  Kept extends { readonly proof: readonly (Difference & { readonly equal: boolean })[] },
>({ proof, ...kept }: Kept): Omit<Kept, 'proof'> & { proof: ProofSummary } {
  const differences = proof.filter(({ equal }) => !equal);
  return {
    ...kept,
    proof: { compared: proof.length, different: differences.length, first: differences.slice(0, TOLD) },
  };
}
