import { CATALOGUE, findObject } from '../catalogue/catalogue.ts';
import type { BillingObject, FieldType } from '../catalogue/define-object.ts';
import { isTaxField, isTaxObject } from '../catalogue/tax-field.ts';
import { nearestName } from '../nearest-name.ts';
import { reachablePaths } from './reachable-paths.ts';
import type { Routes } from './route.ts';
import { isUnmappable, limitationOn } from './unmappable.ts';

/** What `Entity.*` reads: the entity's own record, which is no object of an export. */
export const ENTITY_FIELDS = ['DisplayName', 'EntityName', 'HomeCurrency'] as const;

/** Whether it is a custom object as Data Query names its table; lower case, as records of it are kept. */
export const isCustomObject = (name: string): boolean => /^default__[a-z0-9_]+__c$/.test(name);

/** The field that a path ends in. */
export interface SourceField {
  readonly object: string;
  readonly field: string;
  /** `custom`: text, whose type Billing knows and the export does not tell. */
  readonly type: FieldType | 'custom';
}

/** Why a path leads nowhere, and what may have been meant. */
export interface DeadEnd {
  readonly message: string;
  readonly suggestion: string;
}

export type Resolution = { readonly source: SourceField } | { readonly deadEnd: DeadEnd };

const didYouMean = (name: string): string => `Did you mean ${name}?`;
const SEE_FIELDS = 'See `revsync template fields` for what can be mapped.';
const asFarAs = (name: string | null, path = ''): string =>
  name === null ? SEE_FIELDS : didYouMean(`${path}${name}`);

/**
 * Follows `Object.Field`, `Object.Relation.Field` and so on from the driver of the routes. A custom object is
 * reached by the custom field that holds its record's id: `Account.Project__c.default__project__c.Region__c`.
 */
export function resolvePath(routes: Routes, from: string): Resolution {
  const [first = '', ...steps] = from.split('.');
  const field = steps.pop() ?? '';
  if (first === 'Entity') return entityField(field, steps);
  const start = stationOf(routes, first);
  if (start === undefined) return { deadEnd: noStation(routes, first, field) };
  let object = start;
  let path = first;
  while (steps.length > 0) {
    const step = steps.shift() ?? '';
    const [next] = steps;
    if (step.endsWith('__c') && next !== undefined) return customObject(next, field, steps.length);
    const relation = object.relations[step];
    if (relation === undefined) return { deadEnd: noRelation(object, path, step) };
    if (isUnmappable(relation.object)) return { deadEnd: unmappable(relation.object) };
    object = findObject(relation.object) ?? object;
    path = `${path}.${step}`;
  }
  return fieldOf(routes, object, path, field);
}

/** The objects of the routes by the names that rows use. */
function stationOf({ driver, routes }: Routes, name: string): BillingObject | undefined {
  const route = routes.find(({ path }) => path === name);
  return route === undefined && name !== driver ? undefined : findObject(route?.object ?? name);
}

function entityField(field: string, steps: readonly string[]): Resolution {
  if (steps.length === 0 && ENTITY_FIELDS.some((each) => each === field)) {
    return { source: { object: 'Entity', field, type: 'text' } };
  }
  const suggestion = asFarAs(nearestName(field, ENTITY_FIELDS), 'Entity.');
  return { deadEnd: { message: `Entity has no field ${field}.`, suggestion } };
}

function customObject(object: string, field: string, stepsLeft: number): Resolution {
  if (isCustomObject(object) && stepsLeft === 1) return { source: { object, field, type: 'custom' } };
  return {
    deadEnd: {
      message: `A custom field leads to a custom object, and ${object} is none.`,
      suggestion: 'Write for example Account.Project__c.default__project__c.Region__c.',
    },
  };
}

function fieldOf(routes: Routes, object: BillingObject, path: string, field: string): Resolution {
  const { name } = object;
  if (field.endsWith('__c')) return { source: { object: name, field, type: 'custom' } };
  const type = object.fields[field];
  if (type === undefined) return { deadEnd: noField(routes, object, path, field) };
  if (!isTaxField(name, field)) return { source: { object: name, field, type } };
  return {
    deadEnd: {
      message: `${name}.${field} is a tax field; tax is not extracted.`,
      suggestion: 'Map an amount without tax, or leave the row out.',
    },
  };
}

function noField(routes: Routes, object: BillingObject, path: string, field: string): DeadEnd {
  const near = nearestName(field, Object.keys(object.fields));
  // The right field on the wrong object is the likelier slip, unless a near one is here.
  const elsewhere = reachablePaths(routes).find((each) => field in each.object.fields);
  const fallback = elsewhere === undefined ? SEE_FIELDS : didYouMean(`${elsewhere.path}.${field}`);
  return {
    message: `${object.name} has no field ${field}.`,
    suggestion: near === null ? fallback : didYouMean(`${path}.${near}`),
  };
}

function noRelation(object: BillingObject, path: string, step: string): DeadEnd {
  if (isUnmappable(step)) return unmappable(step);
  return {
    message: `No relation leads from ${object.name} to ${step}.`,
    suggestion: asFarAs(nearestName(step, Object.keys(object.relations)), `${path}.`),
  };
}

function unmappable(object: string): DeadEnd {
  const limitation = limitationOn(object);
  const named = limitation === undefined ? '' : ` (known limitation ${limitation})`;
  return {
    message: `Fields of ${object} cannot be used in any template${named}.`,
    suggestion:
      'Leave it out: the objects of a line are its charge, subscription, account, product and document.',
  };
}

function noStation(routes: Routes, name: string, field: string): DeadEnd {
  if (isUnmappable(name)) return unmappable(name);
  if (isTaxObject(name)) {
    return {
      message: `${name} is a tax object; tax is not extracted.`,
      suggestion: 'Leave the row out.',
    };
  }
  const reachable = reachablePaths(routes);
  if (findObject(name) !== undefined) {
    const way = reachable.find(({ object }) => object.name === name);
    return {
      message: `No relation leads from ${routes.driver} to ${name}.`,
      suggestion: way === undefined ? SEE_FIELDS : didYouMean(`${way.path}.${field}`),
    };
  }
  const names = [...reachable.map(({ path }) => path), 'Entity'].filter((path) => !path.includes('.'));
  const near = nearestName(name, names) ?? nearestName(name, mappableObjects());
  return {
    message: `There is no object ${name}.`,
    suggestion: near === null ? SEE_FIELDS : didYouMean(`${near}.${field}`),
  };
}

const mappableObjects = (): string[] => CATALOGUE.flatMap(({ name }) => (isUnmappable(name) ? [] : [name]));
