import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import {
  type BriefTemplate,
  completeTemplate,
  type TransactionTemplate,
} from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { derivationOf } from '../transform/derivations.ts';
import { joinClauses, type JoinTree, joinTree } from '../transform/join-tree.ts';
import { pathsOf, templateFields } from '../transform/template-fields.ts';

/** Columns that template-fields.ts fills by a rule of its own. */
const TEMPLATE_RULES = ['functional_currency'];

/** The way from a line back to its billing rows: the joins of the template version that formed it. */
export interface Trail {
  readonly template: TransactionTemplate;
  readonly tree: JoinTree;
  /** Driver, then the template's joins in order: a line's `sources` are the dates of those that have one. */
  readonly stops: readonly Stop[];
  /** Joins of the derivation, by alias; their dates are not kept with the line. */
  readonly derivedStops: readonly string[];
  readonly from: RawBuilder<unknown>;
  /** The SO line id that the derivation gives the row: tells the lines of one driver apart. */
  readonly soLineId: RawBuilder<unknown>;
  /** Columns that a rule forms or overrides. */
  readonly derivedColumns: ReadonlySet<string>;
}

export interface Stop {
  readonly alias: string;
  readonly object: BillingObject;
}

/** The trail of a template version, or undefined when the version is gone. */
export async function readTrail(db: Db, name: string, version: number): Promise<Trail | undefined> {
  const row = await db
    .selectFrom('staging.transaction_template')
    .select('body')
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && trailOf(completeTemplate(row.body as BriefTemplate));
}

function trailOf(template: TransactionTemplate): Trail {
  const derivation = derivationOf(template);
  const tree = joinTree(derivation.routes, new Set([...pathsOf(template), ...derivation.paths]));
  const mapped = templateFields(template, tree);
  const derived = derivation.fields(mapped);
  const lasting = derivation.joins(mapped).filter(({ kind }) => kind !== 'run');
  const rows = lasting.filter(({ kind }) => kind === 'rows');
  return {
    template,
    tree,
    stops: [{ alias: tree.driver.name, object: tree.driver }, ...tree.joins],
    derivedStops: rows.map(({ alias }) => alias),
    from: sql`from ${prestagingTable(tree.driver)} as ${sql.id(tree.driver.name)}
      ${joinClauses(tree)}
      ${sql.join(
        lasting.map(({ clause }) => clause),
        sql`\n`,
      )}`,
    soLineId: derived['so_line_id'] ?? sql`null`,
    derivedColumns: new Set([...Object.keys(derived), ...TEMPLATE_RULES]),
  };
}
