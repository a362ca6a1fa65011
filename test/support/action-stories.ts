import { chaptersOf, type Story, tenantOf } from './charge-stories.ts';
import type { Rows } from './sync-rows.ts';

type Row = Readonly<Record<string, string | null>>;

/** What happens to a charge with a subscription of its own, version by version. */
export interface Chapter {
  /** Fields of the charge in this version; whatever an earlier version said goes on, its Version included. */
  readonly charge?: Row;
  readonly subscription?: Row;
  /** Type of the order action, or of the amendment, that made the version. */
  readonly action?: string;
  readonly amendment?: string;
}

/** Rows of a tenant in which each of these charges goes through its versions; SO lines are `SO:<id>.1@<version>`. */
export function tenantWith(
  stories: Readonly<Record<string, readonly Chapter[]>>,
  besides: readonly Story[] = [],
): Rows {
  const rows: Record<string, Row[]> = Object.fromEntries(
    Object.entries(tenantOf(besides)).map(([object, list]) => [object, [...list]]),
  );
  for (const [id, chapters] of Object.entries(stories)) {
    for (const [object, row] of chapters.flatMap((_, index) => versionOf(id, chapters, index))) {
      (rows[object] ??= []).push(row);
    }
  }
  return rows;
}

function versionOf(id: string, chapters: readonly Chapter[], index: number): [string, Row][] {
  const version = String(index + 1);
  const told = chapters.slice(0, index + 1);
  const versions = chapters.map(() => ({ booked: '1200' }));
  const rows = chaptersOf({ id, versions })[index] ?? [];
  const { action, amendment } = chapters[index] ?? {};
  const changes: Readonly<Record<string, Row>> = {
    RatePlanCharge: Object.assign({ Version: '1' }, ...told.map(({ charge }) => charge)) as Row,
    Subscription: {
      ...(Object.assign({}, ...told.map(({ subscription }) => subscription)) as Row),
      SubscriptionVersionAmendmentId: amendment === undefined ? null : `${id}-am${version}`,
    },
  };
  const of = { UpdatedDate: '2024-01-05T10:00:00Z' };
  return [
    ...rows.map(([object, row]): [string, Row] => [object, { ...row, ...changes[object] }]),
    ...(action === undefined
      ? []
      : [
          [
            'OrderAction',
            {
              ...of,
              Id: `${id}-oa${version}`,
              SubscriptionId: `${id}-sub${version}`,
              SubscriptionVersion: version,
              Type: action,
            },
          ] as [string, Row],
        ]),
    ...(amendment === undefined
      ? []
      : [
          [
            'Amendment',
            { ...of, Id: `${id}-am${version}`, SubscriptionId: `${id}-sub${index}`, Type: amendment },
          ] as [string, Row],
        ]),
  ];
}
