import { z } from 'zod';

/** The type and limits of a field on a settings page, without texts. */
export type FieldShape =
  | { kind: 'boolean' | 'date' }
  | { kind: 'choice' | 'choices'; options: string[] }
  | { kind: 'integer' | 'number'; minimum: number; maximum: number }
  | { kind: 'text' | 'secret'; maxLength: number }
  | { kind: 'periods'; most: number };

interface Json {
  type?: string;
  format?: string;
  enum?: unknown[];
  items?: Json;
  anyOf?: Json[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  setting?: string;
}

/** Maximum number of options and of periods, and maximum length of a text. */
const MOST = { options: 1_000, periods: 500, text: 10_000 };
const known = new WeakMap<z.ZodType, FieldShape | string>();

/** The shape of a schema's field; a string says why the schema has none. */
export function shapeOf(schema: z.ZodType): FieldShape | string {
  const found = known.get(schema) ?? readShape(schema);
  known.set(schema, found);
  return found;
}

function readShape(schema: z.ZodType): FieldShape | string {
  let json: Json;
  try {
    // From the output: schemas that transform have no JSON Schema, and stored values are parsed again on each read.
    json = z.toJSONSchema(schema, { io: 'output' }) as Json;
  } catch {
    return 'it transforms its value, or has a type that the settings page cannot show';
  }
  return jsonShape(json);
}

function jsonShape(json: Json): FieldShape | string {
  if (json.setting === 'secret') return { kind: 'secret', maxLength: json.maxLength ?? MOST.text };
  if (json.setting === 'periods') return { kind: 'periods', most: Math.min(json.maxItems ?? 0, MOST.periods) };
  if (json.enum !== undefined) return choiceOf('choice', json.enum);
  if (json.type === 'boolean') return { kind: 'boolean' };
  if (json.type === 'integer' || json.type === 'number') return numberOf(json.type, json);
  if (json.type === 'array' && json.items?.enum !== undefined) return choiceOf('choices', json.items.enum);
  if (json.type === 'string') return textOf(json);
  const parts = json.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (parts.length === 1 && parts[0]?.format === 'date') return { kind: 'date' };
  return 'the settings page cannot show it';
}

function choiceOf(kind: 'choice' | 'choices', values: readonly unknown[]): FieldShape | string {
  if (values.length > MOST.options) return `it has more than ${MOST.options} options`;
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length === values.length ? { kind, options: texts } : 'its options are not all texts';
}

function numberOf(kind: 'integer' | 'number', { minimum, maximum }: Json): FieldShape | string {
  const bounded = [minimum, maximum].every((bound) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER);
  return bounded ? { kind, minimum: minimum as number, maximum: maximum as number } : 'it has no min() and max()';
}

function textOf({ format, maxLength }: Json): FieldShape | string {
  if (format === 'date') return { kind: 'date' };
  if (maxLength === undefined) return 'it has no max()';
  return maxLength <= MOST.text ? { kind: 'text', maxLength } : `it may be longer than ${MOST.text} characters`;
}

/** Whether two schemas accept the same values, as far as a page can tell. */
export const sameShape = (one: z.ZodType, other: z.ZodType): boolean =>
  JSON.stringify(shapeOf(one)) === JSON.stringify(shapeOf(other));

/** Message keys that a page needs for a section of settings. */
export function textKeys(parts: { portal?: z.ZodObject; tenant?: z.ZodObject }): string[] {
  const keys = new Set(['settings.title']);
  for (const [name, schema] of [parts.portal, parts.tenant].flatMap((part) => Object.entries(part?.shape ?? {}))) {
    const shape = shapeOf(schema as z.ZodType);
    keys.add(`settings.${name}.label`).add(`settings.${name}.help`);
    if (typeof shape !== 'object' || !('options' in shape)) continue;
    for (const option of shape.options) keys.add(`settings.${name}.options.${option}`);
  }
  return [...keys];
}
