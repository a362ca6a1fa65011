import { z } from 'zod';

import { FileConstant, FilePolicies, FileRow, TemplateFile } from '../template-file.ts';
import type { TemplatePolicies } from '../policies.ts';
import type { TemplateType } from '../transaction-template.ts';

/** A part of the file with its place in it: `rows[3]`. */
export interface Placed<Value> {
  readonly at: string;
  readonly value: Value;
}

/** Null where the file has something that cannot be one. */
type Readable<Value> = { readonly [Name in keyof Value]-?: NonNullable<Value[Name]> | null };

export type DraftRow = Placed<Readable<z.output<typeof FileRow>>>;
export type DraftConstant = Placed<Readable<z.output<typeof FileConstant>>>;

/** What can be read of a file that may not have its form everywhere, so that all mistakes come at once. */
export interface Draft {
  readonly type: TemplateType | null;
  readonly entity: string | null;
  readonly rows: readonly DraftRow[];
  readonly constants: readonly DraftConstant[];
  readonly defaults: readonly DraftConstant[];
  readonly filter: string | null;
  readonly policies: TemplatePolicies;
  /** Labels that rows or constants name. */
  readonly labels: ReadonlySet<string>;
}

export function draftOf(input: unknown): Draft {
  const file = isRecord(input) ? input : {};
  const { type, entity, filter } = readable(TemplateFile, file);
  const rows = placed('rows', file['rows'], FileRow);
  const constants = placed('constants', file['constants'], FileConstant);
  return {
    type,
    entity,
    rows,
    constants,
    defaults: placed('defaults', file['defaults'], FileConstant),
    filter: filter?.trim() ? filter.trim() : null,
    policies: withoutNulls(isRecord(file['policies']) ? readable(FilePolicies, file['policies']) : {}),
    labels: new Set([...rows, ...constants].flatMap(({ value }) => value.to ?? [])),
  };
}

function placed<Shape extends z.ZodRawShape>(
  section: string,
  list: unknown,
  schema: z.ZodObject<Shape, z.core.$strict>,
): Placed<Readable<z.output<typeof schema>>>[] {
  return listOf(list).flatMap((each, index) =>
    isRecord(each) ? [{ at: `${section}[${index}]`, value: readable(schema, each) }] : [],
  );
}

/** Each part that stands for itself, whatever the others are. */
function readable<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  record: Readonly<Record<string, unknown>>,
): Readable<z.output<typeof schema>> {
  const parts = Object.entries<z.core.$ZodType>(schema.shape).map(([name, part]) => {
    const parsed = z.safeParse(part, record[name]);
    return [name, (parsed.success ? parsed.data : null) ?? null];
  });
  return Object.fromEntries(parts) as Readable<z.output<typeof schema>>;
}

const withoutNulls = (policies: Readable<TemplatePolicies> | object): TemplatePolicies =>
  Object.fromEntries(Object.entries(policies).filter(([, value]) => value !== null));

const listOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
