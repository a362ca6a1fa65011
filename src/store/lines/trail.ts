import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import {
  type BriefTemplate,
  completeTemplate,
  type TransactionTemplate,
} from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { conversionReads } from '../transform/conversion.ts';
import type { ComputedJoin } from '../transform/derivation.ts';
import { derivationOf } from '../transform/derivations.ts';
import { joinTree } from '../transform/join-tree.ts';
import { pathsOf, templateFields } from '../transform/template-fields.ts';
import { wayOf } from './way.ts';

/** The way from a line back to its billing rows: the joins of the template version that formed it. */
export interface Trail {
  readonly template: TransactionTemplate;
  /** Driver, the template's joins in order, those of the derivation: a line's `sources` are their dates. */
  readonly stops: readonly Stop[];
  /**
   * `from ... join ...` over the versions of the rows that the run of `staging.line as l` found, with every stop
   * under its alias: the rows of one line. Without the joins that are there only while a run transforms.
   */
  readonly way: RawBuilder<unknown>;
  /** What rules form or override, by column; of amounts in other currencies, what they read. */
  readonly derived: Readonly<Record<string, RawBuilder<unknown>>>;
  /** What the names in `derived` stand for that are no stops. */
  readonly computed: readonly ComputedJoin[];
  /** What the template's row finds for a column, before its default. */
  readonly mapped: (column: string) => RawBuilder<unknown>;
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
  const joins = derivation.joins(mapped);
  const rows = joins.filter((join) => join.kind === 'rows');
  const computed = joins.filter((join) => join.kind !== 'rows');
  const fields = derivation.fields(mapped);
  const price = fields['ext_sell_price'] ?? mapped('ext_sell_price');
  const derived = {
    ...homeCurrency(template, mapped),
    ...fields,
    ...conversionReads(derivation.rates(mapped), { price, mapped }),
  };
  const stops = [{ alias: tree.driver.name, object: tree.driver }, ...tree.joins, ...rows];
  return {
    template,
    stops,
    way: wayOf(tree, rows, computed, derived['so_line_id'] ?? sql`null`),
    derived,
    computed,
    mapped: templateFields({ ...template, defaults: [] }, tree),
  };
}

/** template-fields.ts reads the home currency by a rule of its own. */
function homeCurrency(
  { rows }: TransactionTemplate,
  mapped: Trail['mapped'],
): Readonly<Record<string, RawBuilder<unknown>>> {
  const byRule = rows.some(({ from, to }) => from === 'Entity.HomeCurrency' && to === 'Functional Currency');
  return byRule ? { functional_currency: mapped('functional_currency') } : {};
}
