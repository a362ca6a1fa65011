import { fewAtATime } from '../../../activities/few-at-a-time.ts';
import { exportQuery } from '../../billing/aqua/export-query.ts';
import type { Billing, ObjectDescription } from '../../billing/port.ts';
import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { ApiAccess, ObjectAccess } from '../../domain/features/access.ts';
import { asked, refusalOf } from './asking.ts';
import type { Patience } from './patience.ts';

const DESCRIBES_AT_ONCE = 6;
/** Any window will do: it makes the query name the field that windows are cut by. */
const WINDOW = { from: null, to: '2000-01-01T00:00:00Z' };

export interface ProbedObjects {
  readonly objects: ReadonlyMap<string, ObjectAccess>;
  /** Whether AQuA takes jobs: deleted columns are found out by submitting some, cancelled at once. */
  readonly export: ApiAccess;
}

/** What the credentials may read of every object that revsync knows, one `describe` each. */
export async function probeObjects(billing: Billing, patience: Patience): Promise<ProbedObjects> {
  const listed = await patience.within(billing.objects()).then(
    (names) => new Set(names),
    () => null,
  );
  const described = await fewAtATime(DESCRIBES_AT_ONCE, CATALOGUE, async (object) => {
    try {
      const description = await patience.within(billing.describe(object.name));
      return description === null
        ? notThere(object, listed?.has(object.name) ?? null)
        : there(object, description);
    } catch (error) {
      const { state, detail } = refusalOf(error);
      return { ...nothing(object), state, note: detail };
    }
  });
  const { access, told } = await probeDeletes(billing, patience, described);
  const objects = described.map((one) => ({ ...one, deletedColumn: toldOf(one, told) }));
  return { objects: new Map(objects.map((one) => [one.object, one])), export: access };
}

const TELLABLE = new Set(CATALOGUE.filter(({ deletes }) => deletes).map(({ name }) => name));

async function probeDeletes(
  billing: Billing,
  patience: Patience,
  described: readonly ObjectAccess[],
): Promise<{ access: ApiAccess; told: ReadonlySet<string> | null }> {
  const exportable = described.filter(({ object, state }) => state === 'ok' && TELLABLE.has(object));
  if (exportable.length === 0) {
    return { access: { state: 'not-asked', detail: 'there is no object to export' }, told: null };
  }
  let told: ReadonlySet<string> | null = null;
  const access = await asked(
    patience,
    () => billing.deletesOf(exportable.map(({ object }) => object)),
    (found) => {
      told = found;
      return found.size === 0 ? 'takes jobs, without deleted columns' : 'takes jobs';
    },
  );
  return { access, told };
}

/** Null where it is not known, or there is no export. */
function toldOf({ object, state }: ObjectAccess, told: ReadonlySet<string> | null): boolean | null {
  if (state !== 'ok') return null;
  return TELLABLE.has(object) ? (told?.has(object) ?? null) : false;
}

const nothing = ({ name }: BillingObject) => ({
  object: name,
  exportable: 0,
  fields: new Set<string>(),
  custom: [],
  deletedColumn: null,
});

/** Billing lists an object that it does not describe to those who may not read it. */
function notThere(object: BillingObject, listed: boolean | null): ObjectAccess {
  if (listed === false) return { ...nothing(object), state: 'absent', note: 'Billing does not list it' };
  const note = listed === null ? 'not there, or not for these credentials' : 'not for these credentials';
  return { ...nothing(object), state: 'refused', note };
}

function there(object: BillingObject, description: ObjectDescription): ObjectAccess {
  const plan = exportQuery(object, description, WINDOW);
  const exportable = description.fields.length;
  if (plan.query === null) return { ...nothing(object), exportable, state: 'refused', note: plan.reason };
  const { columns } = plan;
  return {
    object: object.name,
    state: 'ok',
    exportable,
    fields: new Set(columns.filter(({ custom }) => !custom).map(({ field }) => field)),
    custom: columns.filter(({ custom }) => custom).map(({ field }) => field),
    deletedColumn: null,
    note: null,
  };
}
