import { type ChangeSet, readChangeSet } from './change-set.ts';
import { utcText } from './instants.ts';
import { type ObjectRow, type Row, type Scope, type Tenant } from './tenant.ts';

/** When a row was changed at run time. Revisions count up with everything that becomes visible. */
export interface Touch {
  readonly revision: number;
  /** The revision of the row's first change: for added rows, their creation. */
  readonly first: number;
  /** Whether that first change was a deletion: the row was there before. */
  readonly deletedFirst: boolean;
}

interface Changed {
  readonly row: Row;
  readonly touch: Touch;
}

/** What was changed at run time, by object and id. A row of it replaces fields of the tenant's own. */
type Overlay = ReadonlyMap<string, ReadonlyMap<string, Changed>>;

/** One pass over the tenant as it was when the snapshot was taken. */
export interface Snapshot {
  /** The revision that it shows. */
  readonly revision: number;
  /** The row as it is now; deleted ones have `Deleted` = `true`. */
  change(object: string, row: Row): Row;
  /** Rows that the pass has not met because they were added. Call it when the pass is over. */
  added(objects: readonly string[], scope: Scope): readonly ObjectRow[];
  /** When the row was changed at run time; undefined for rows as the tenant has them. */
  touch(object: string, id: string): Touch | undefined;
}

export interface Changes {
  /** Takes `{object, rows, deletedIds}` over, whole or not at all; answers what is wrong with it. */
  apply(body: unknown): { readonly mistakes: readonly string[]; readonly changed: number };
  /** The changes so far, for good: each call of the answer is for one pass. */
  freeze(): () => Snapshot;
  /** An export job was submitted, and has its snapshot: late changes come nearer. */
  countJob(): void;
  /** The last revision that became visible before the time, in milliseconds. */
  revisionBefore(time: number): number;
  /** How many rows differ from the tenant's own. */
  size(): number;
}

/** Changes of a tenant at run time: an overlay in memory on rows that are never held. */
export function createChanges(tenant: Tenant, now: () => number): Changes {
  let overlay: Overlay = new Map();
  let late: readonly { readonly set: ChangeSet; readonly updated: string; readonly jobs: number }[] = [];
  /** When each revision became visible: the first is number 1. */
  const commits: number[] = [];

  const commit = (set: ChangeSet, updated: string): void => {
    overlay = new Map(overlay).set(set.object, merged(overlay, set, updated, commits.push(now())));
  };

  return {
    apply(body) {
      const updated = utcText(now());
      const { mistakes, set } = readChangeSet(tenant, body, updated);
      if (set === null) return { mistakes, changed: 0 };
      if (set.visibleAfterJobs === 0) commit(set, updated);
      else late = [...late, { set, updated, jobs: set.visibleAfterJobs }];
      return { mistakes, changed: set.rows.length + set.deletedIds.length };
    },
    freeze() {
      const frozen = overlay;
      const revision = commits.length;
      return () => snapshotOf(frozen, revision);
    },
    countJob() {
      const nearer = late.map((one) => ({ ...one, jobs: one.jobs - 1 }));
      late = nearer.filter(({ jobs }) => jobs > 0);
      for (const { set, updated, jobs } of nearer) if (jobs === 0) commit(set, updated);
    },
    revisionBefore: (time) => commits.findLastIndex((at) => at < time) + 1,
    size: () => [...overlay.values()].reduce((total, rows) => total + rows.size, 0),
  };
}

/** The changed rows of the set's object, with the set. */
function merged(
  overlay: Overlay,
  { object, rows, deletedIds }: ChangeSet,
  updated: string,
  revision: number,
): ReadonlyMap<string, Changed> {
  const changed = new Map(overlay.get(object));
  const put = (id: string, fields: Row): void => {
    const before = changed.get(id);
    const first = before?.touch ?? { first: revision, deletedFirst: fields['Deleted'] === 'true' };
    changed.set(id, { row: { ...before?.row, ...fields }, touch: { ...first, revision } });
  };
  for (const row of rows) put(row['Id'] ?? '', { Deleted: null, ...row });
  for (const id of deletedIds) put(id, { Id: id, UpdatedDate: updated, Deleted: 'true' });
  return changed;
}

function snapshotOf(overlay: Overlay, revision: number): Snapshot {
  const met = new Map([...overlay.keys()].map((object) => [object, new Set<string>()]));
  return {
    revision,
    change(object, row) {
      const changed = overlay.get(object)?.get(row['Id'] ?? '');
      if (changed === undefined) return row;
      met.get(object)?.add(row['Id'] ?? '');
      return { ...row, ...changed.row };
    },
    added(objects, { entity }) {
      return objects.flatMap((object) => {
        const rows = [...(overlay.get(object)?.values() ?? [])].map(({ row }) => row);
        return rows
          .filter((row) => !met.get(object)?.has(row['Id'] ?? '') && isWhole(row))
          .filter((row) => entity === undefined || row['EntityId'] === entity)
          .map((row): ObjectRow => [object, row]);
      });
    },
    touch: (object, id) => overlay.get(object)?.get(id)?.touch,
  };
}

/** What was only deleted and never there has nothing to tell but its id. */
function isWhole(row: Row): boolean {
  return Object.keys(row).some((field) => !['Id', 'UpdatedDate', 'Deleted'].includes(field));
}
