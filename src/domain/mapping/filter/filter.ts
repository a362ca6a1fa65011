/**
 * A template's filter, read: which driver rows form lines. Two-valued: a comparison with an empty field is
 * false, but for `!=` and `not in`, so that a filter and its `not` part all rows between them.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: FilterOperand;
      readonly right: FilterOperand;
    }
  | {
      readonly kind: 'in';
      readonly negated: boolean;
      readonly field: FilterField;
      readonly values: readonly FilterLiteral[];
    }
  | { readonly kind: 'null'; readonly negated: boolean; readonly field: FilterField };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** `Object.Field`, and where it stands in the text, from 1. */
export interface FilterField {
  readonly kind: 'field';
  readonly path: string;
  readonly at: number;
}

/** A value as it is written, without its quotes. */
export interface FilterLiteral {
  readonly kind: 'text' | 'number' | 'boolean';
  readonly value: string;
  readonly at: number;
}

export type FilterOperand = FilterField | FilterLiteral;

/** What keeps a text from being a filter; the place counts characters from 1. */
export interface FilterError {
  readonly at: number;
  readonly message: string;
  readonly suggestion: string;
}

/** Every field that the filter reads, in its order. */
export function filterFields(filter: Filter): FilterField[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(filterFields);
    case 'not':
      return filterFields(filter.term);
    case 'compare':
      return [filter.left, filter.right].filter((operand) => operand.kind === 'field');
    case 'in':
    case 'null':
      return [filter.field];
  }
}
