/** A row, and the keys of the entities that it is true of. */
export type Alike<Row> = Row & { readonly entities: readonly string[] };

/** The rows of all entities, in order; those that are the same in several are one. */
export function alike<Row>(
  perEntity: readonly { readonly entity: string; readonly rows: readonly Row[] }[],
): Alike<Row>[] {
  const longest = Math.max(0, ...perEntity.map(({ rows }) => rows.length));
  return Array.from({ length: longest }, (_, at) => {
    const distinct = new Map<string, Alike<Row>>();
    for (const { entity, rows } of perEntity) {
      const row = rows[at];
      if (row === undefined) continue;
      const text = JSON.stringify(row);
      const entities = [...(distinct.get(text)?.entities ?? []), entity];
      distinct.set(text, { entities, ...row });
    }
    return [...distinct.values()];
  }).flat();
}
