import { z } from 'zod';

/** The names that a schema has at a place: of every alternative where it has several. */
export function keysAt(schema: z.core.$ZodType, at: readonly PropertyKey[]): string[] {
  const [step, ...rest] = at;
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<PropertyKey, z.core.$ZodType>>;
    if (step === undefined) return Object.keys(shape);
    const part = shape[step];
    return part === undefined ? [] : keysAt(part, rest);
  }
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap((each) => keysAt(each, at)))];
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  if (schema instanceof z.ZodPipe) return [...keysAt(schema.in, at), ...keysAt(schema.out, at)];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return keysAt(schema.unwrap(), at);
  }
  return [];
}
