import { type Access, APIS, type ObjectAccess, type Verdict } from './access.ts';
import type { FieldNeed, Need } from './feature.ts';

/** Something that is needed and not there. */
export interface Lack {
  /** An object, an `Object.Field`, an API as people call it, or `deleted rows of Object`. */
  readonly what: string;
  readonly verdict: Exclude<Verdict, 'ok'>;
  /** Staging labels that stay empty for it. Empty: nothing works without. */
  readonly fills: readonly string[];
}

/** Those of the needs that are not met. */
export function lacksOf(needs: readonly Need[], access: Access): Lack[] {
  return needs.flatMap((need) => lackOf(need, access));
}

function lackOf(need: Need, access: Access): Lack[] {
  switch (need.kind) {
    case 'api': {
      const { state } = access.apis[need.api];
      return lackUnlessOk(APIS[need.api], state === 'not-asked' ? 'unknown' : state);
    }
    case 'object':
      return lackUnlessOk(need.object, stateOf(access.objects.get(need.object)));
    case 'deleted-column': {
      const object = access.objects.get(need.object);
      if (object?.state !== 'ok' || object.deletedColumn === true) return [];
      return lackUnlessOk(
        `deleted rows of ${need.object}`,
        object.deletedColumn === null ? 'unknown' : 'absent',
      );
    }
    case 'field':
      return lackOfFields(need, access);
  }
}

const lackUnlessOk = (what: string, state: Verdict): Lack[] =>
  state === 'ok' ? [] : [{ what, verdict: state, fills: [] }];

function lackOfFields({ anyOf, fills, ifThere = false }: FieldNeed, { objects }: Access): Lack[] {
  const lacks = anyOf.flatMap((name) => {
    const [objectName = '', field = ''] = name.split('.');
    const object = objects.get(objectName);
    const state = stateOf(object);
    if (state !== 'ok') return ifThere ? [] : lackUnlessOk(objectName, state);
    return lackUnlessOk(name, object?.fields.has(field) === true ? 'ok' : 'absent');
  });
  if (lacks.length < anyOf.length) return [];
  const what = [...new Set(lacks.map((lack) => lack.what))].join(' or ');
  const verdict = lacks.find((lack) => lack.verdict !== 'absent')?.verdict ?? 'absent';
  return [{ what, verdict, fills }];
}

const stateOf = (object: ObjectAccess | undefined): Verdict => object?.state ?? 'unknown';
