/** Where a rule lies, where it is proven, and where it is explained; paths from the root of the project. */
export interface Triple {
  readonly rule: string;
  readonly test: string;
  readonly page: string;
}

export const tripleOf = (id: string): Triple => ({
  rule: `src/limitations/${id}.ts`,
  test: `test/limitations/${id}.test.ts`,
  page: `docs/limitations/${id}.md`,
});

/** The same of a practice; they share a page. */
export const practiceTripleOf = (id: string): Triple => ({
  rule: `src/limitations/practices/${id}.ts`,
  test: `test/limitations/practices/${id}.test.ts`,
  page: `docs/limitations/README.md#${id}`,
});
