import { z } from 'zod';
import type { Route } from '../contract/route.js';

/**
 * Places in the answers of a GET route that can grow without bound: arrays without `.max()`, and records with free keys and no refinement.
 * A bound in the schema is sufficient, because an answer that does not match its schema is not sent.
 */
export function unboundedPlaces({ method, responses }: Pick<Route, 'method' | 'responses'>): string[] {
  if (method !== 'GET') return [];
  return Object.entries(responses).flatMap(([status, spec]) => {
    const schema = spec instanceof z.ZodType ? spec : spec.schema;
    return schema === undefined ? [] : placesIn(schema, status, []);
  });
}

type Def = { type: string } & Record<string, unknown>;

function placesIn(schema: z.ZodType, path: string, above: readonly z.ZodType[]): string[] {
  // A recursive schema was already checked further up.
  if (above.includes(schema)) return [];
  const def = schema._zod.def as unknown as Def;
  const within = (inner: unknown, step = ''): string[] =>
    inner instanceof z.ZodType ? placesIn(inner, `${path}${step}`, [...above, schema]) : [];
  switch (def.type) {
    case 'array':
      return [...(isBounded(def) ? [] : [path]), ...within(def['element'], '[]')];
    case 'record':
      return [...(isEnumerated(def['keyType']) || isChecked(def) ? [] : [path]), ...within(def['valueType'], '{}')];
    case 'object':
      return Object.entries((schema as z.ZodObject).shape).flatMap(([name, each]) => within(each, `.${name}`));
    case 'union':
      return (def['options'] as z.ZodType[]).flatMap((each) => within(each));
    case 'intersection':
      return [...within(def['left']), ...within(def['right'])];
    case 'tuple':
      return [...(def['items'] as z.ZodType[]).flatMap((each) => within(each, '[]')), ...within(def['rest'], '[]')];
    case 'pipe':
      return within(def['out']);
    case 'lazy':
      return within((schema as z.ZodLazy<z.ZodType>).unwrap());
    default:
      return within(def['innerType']);
  }
}

/** Only a refinement can limit the number of members of a record. */
const isChecked = (def: Def): boolean => ((def['checks'] ?? []) as unknown[]).length > 0;

/** Whether the schema checks a maximum length. */
const isBounded = (def: Def): boolean =>
  ((def['checks'] ?? []) as { _zod: { def: { check: string } } }[]).some(({ _zod }) =>
    ['max_length', 'length_equals'].includes(_zod.def.check),
  );

const isEnumerated = (key: unknown): boolean =>
  key instanceof z.ZodType && ['enum', 'literal'].includes((key._zod.def as unknown as Def).type);
