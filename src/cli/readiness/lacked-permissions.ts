import { APIS } from '../../domain/features/access.ts';
import type { LackedPermission } from '../../domain/readiness/report.ts';
import { LIMITATIONS } from '../../limitations/all-limitations.ts';
import { PRACTICES } from '../../limitations/all-practices.ts';
import type { BillingReport } from '../doctor/billing-report.ts';

/** The key by which an examined entity is known here; undefined where whoever asks does not see it. */
export type KeyOf = (examined: string) => string | undefined;

/** One reason why something is lacked; several may be about the same `whole`, and name `parts` of it. */
type Lack = Omit<LackedPermission, 'what' | 'consequence' | 'remedy'> & {
  readonly whole: string;
  readonly parts: readonly string[];
  readonly consequences: readonly string[];
  readonly remedies: readonly string[];
};

/** Everything that the credentials lack, each once, with all that does not work and all rules that cannot tell without. */
export function lackedPermissions(report: BillingReport, keyOf: KeyOf): LackedPermission[] {
  const lacks = [
    ...closedEntities(report, keyOf),
    ...featureLacks(report, keyOf),
    ...ruleLacks(report, keyOf),
  ];
  return distinct(lacks.map(({ whole }) => whole)).map((whole) =>
    joined(lacks.filter((each) => each.whole === whole)),
  );
}

function joined(lacks: readonly Lack[]): LackedPermission {
  const [first] = lacks;
  if (first === undefined) throw new TypeError('nothing is lacked');
  const states = lacks.map(({ state }) => state);
  return {
    what: distinct(lacks.flatMap(({ parts }) => parts)).join(', '),
    kind: first.kind,
    state: STATES.find((state) => states.includes(state)) ?? first.state,
    entities: distinct(lacks.flatMap(({ entities }) => entities)),
    consequence: distinct(lacks.flatMap(({ consequences }) => consequences)).join(' '),
    remedy: distinct(lacks.flatMap(({ remedies }) => remedies)).join(' '),
  };
}

/** The plainest first. */
const STATES = ['refused', 'missing', 'partly', 'unknown'];

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

export const knownOf = (keys: readonly string[], keyOf: KeyOf): string[] =>
  keys.flatMap((key) => keyOf(key) ?? []);

function closedEntities({ entities }: BillingReport, keyOf: KeyOf): Lack[] {
  return entities.flatMap(({ key, access, note }): Lack[] => {
    const entity = keyOf(key);
    if (entity === undefined || access === 'ok' || access === 'not-asked') return [];
    return [
      {
        whole: `entity ${entity}`,
        parts: [`entity ${entity}`],
        kind: 'data',
        state: access,
        entities: [entity],
        consequences: [`Nothing of it can be read${note === null ? '' : `: ${note}`}.`],
        remedies: ['Give the integration user access to the entity.'],
      },
    ];
  });
}

/** Features that do not work, or not fully, with what they lack. */
function featureLacks({ features }: BillingReport, keyOf: KeyOf): Lack[] {
  return features.flatMap(({ name, state, missing, consequence, remedy, entities: keys }) => {
    const entities = knownOf(keys, keyOf);
    if (state === 'ok' || state === 'off' || entities.length === 0) return [];
    return missing.map((what) => ({
      ...wholeOf(what),
      state,
      entities,
      consequences: [`${name}: ${consequence ?? 'does not work.'}`],
      remedies: remedy === null ? [] : [remedy],
    }));
  });
}

const SETTINGS: ReadonlyMap<string, string> = new Map([
  [APIS.settings, 'settings of Billing'],
  [APIS['currency-conversion'], 'setting of currency conversion'],
]);

/** Fields of one object are one thing that is lacked. */
function wholeOf(what: string): Pick<Lack, 'whole' | 'parts' | 'kind'> {
  const setting = SETTINGS.get(what);
  if (setting !== undefined) return { whole: what, parts: [setting], kind: 'setting' };
  const [, object] = /^(\w+)\.\w+$/.exec(what) ?? [];
  return { whole: object === undefined ? what : `fields of ${object}`, parts: [what], kind: 'data' };
}

const RULES = [...LIMITATIONS, ...PRACTICES];

/** Objects that Billing keeps back, with the rules that have to look at them. */
function ruleLacks({ objects }: BillingReport, keyOf: KeyOf): Lack[] {
  return objects.flatMap(({ object, access, entities: keys }): Lack[] => {
    const entities = knownOf(keys, keyOf);
    const blind = RULES.filter(({ inBilling }) => inBilling?.objects.includes(object) === true);
    if (access !== 'refused' || entities.length === 0 || blind.length === 0) return [];
    return [
      {
        whole: object,
        parts: [object],
        kind: 'data',
        state: access,
        entities,
        consequences: [`Cannot be told without it: ${blind.map(({ id }) => id).join(', ')}.`],
        remedies: [
          'Give the role of the integration user the right to read it, and run readiness with --from billing.',
        ],
      },
    ];
  });
}
