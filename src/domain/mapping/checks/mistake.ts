/** What is wrong with a template: where, what, and what to write instead. */
export interface Mistake {
  /** `rows[3].from`, counted from 0; empty for the template as a whole. */
  readonly path: string;
  readonly message: string;
  readonly suggestion: string;
}

const SECTIONS = ['', 'name', 'type', 'entity', 'rows', 'constants', 'defaults', 'filter', 'policies'];

/** The mistakes in the order of the file; what concerns a list as a whole comes after its rows. */
export function inFileOrder(mistakes: readonly Mistake[]): Mistake[] {
  const placeOf = ({ path }: Mistake): [number, number] => {
    const [, section = '', index] = /^(\w*)(?:\[(\d+)\])?/.exec(path) ?? [];
    const at = SECTIONS.indexOf(section);
    return [at < 0 ? SECTIONS.length : at, index === undefined ? Infinity : Number(index)];
  };
  return mistakes.toSorted((a, b) => {
    const [[section, row], [otherSection, otherRow]] = [placeOf(a), placeOf(b)];
    return section - otherSection || (row === otherRow ? 0 : row - otherRow);
  });
}
