import type { Api } from './access.ts';
import type { FieldNeed, Need, Way } from './feature.ts';

/** Each of an object's fields. */
export const fields = (object: string, ...names: readonly string[]): FieldNeed[] =>
  names.map((name) => ({ kind: 'field', anyOf: [`${object}.${name}`], fills: [] }));

/** The same, where the tenant has the object. */
export const fieldsIfThere = (object: string, ...names: readonly string[]): FieldNeed[] =>
  fields(object, ...names).map((need) => ({ ...need, ifThere: true }));

export const objects = (...names: readonly string[]): Need[] =>
  names.map((object) => ({ kind: 'object', object }));

export const deletedColumns = (names: readonly string[]): Need[] =>
  names.map((object) => ({ kind: 'deleted-column', object }));

export const apis = (...names: readonly Api[]): Need[] => names.map((api) => ({ kind: 'api', api }));

/** A way that has everything. */
export const way = (by: string, ...needs: readonly Need[]): Way => ({
  by,
  needs,
  note: null,
  partial: false,
});

/** By the export that a run asks for. */
export const exported = (...needs: readonly Need[]): Way => way('AQuA export', ...apis('export'), ...needs);
