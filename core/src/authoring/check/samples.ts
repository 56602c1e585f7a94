/** JSON Schema in the form that zod generates. */
export interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minItems?: number;
  items?: Schema | boolean;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
}

/** Existing ids, used in rotation. */
export interface Ids {
  tenant: string;
  next(): string;
}

const texts = [
  'nl',
  'https://example.be/x',
  '2026-09-01',
  '2026-09-01T08:00:00.000Z',
  '123456',
  'lien.peeters',
  '#aabbcc',
  'x',
  'abc def',
];

/** A value that matches the schema, with every optional member, so that each can be replaced. */
export function sampleOf(schema: Schema | boolean | undefined, ids: Ids, name = ''): unknown {
  if (schema === undefined || typeof schema === 'boolean') return 'x';
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const some = schema.anyOf ?? schema.oneOf;
  if (some !== undefined) return sampleOf(some.find(({ type }) => type !== 'null') ?? some[0], ids, name);
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((each) => sampleOf(each, ids, name)));
  }
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== 'null') : schema.type;
  switch (type) {
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(([key, each]) => [key, sampleOf(each, ids, key)]);
      const more = typeof schema.additionalProperties === 'object' ? [['x', sampleOf(schema.additionalProperties, ids)]] : [];
      return Object.fromEntries([...members, ...more]);
    }
    case 'array':
      if (schema.prefixItems !== undefined) return schema.prefixItems.map((each) => sampleOf(each, ids, name));
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sampleOf(schema.items, ids, name));
    case 'integer':
    case 'number':
      return (
        schema.minimum ?? (schema.exclusiveMinimum === undefined ? Math.min(1, schema.maximum ?? 1) : schema.exclusiveMinimum + 1)
      );
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'string':
      return textOf(schema, ids, name);
    default:
      return 'x';
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 1e6 }: Schema, ids: Ids, name: string): string {
  if (format === 'uuid') return /tenant|school/i.test(name) ? ids.tenant : ids.next();
  if (format === 'date-time') return '2026-09-01T08:00:00.000Z';
  if (format === 'email') return 'x@example.be';
  if (format === 'uri') return 'https://example.be/x';
  const fits = (text: string) => pattern === undefined || new RegExp(pattern, 'u').test(text);
  const long = (text: string) => text.padEnd(minLength, 'x').slice(0, maxLength);
  return texts.map(long).find(fits) ?? long('x');
}

/** The path of every leaf of a value. */
export function leavesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, Array.isArray(value) ? Number(key) : key]));
}

export function replaced(value: unknown, [step, ...rest]: (string | number)[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((each, index) => (index === step ? replaced(each, rest, by) : each));
  return { ...(value as object), [step]: replaced((value as Record<string, unknown>)[step], rest, by) };
}
