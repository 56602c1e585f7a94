import type { z } from 'zod';
import { didYouMean } from './nearest-name.js';

type Def = { innerType?: z.ZodType; shape?: Record<string, z.ZodType>; element?: z.ZodType; valueType?: z.ZodType };
const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

/** Removes wrappers such as optional, default and nullable. */
function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType } = defOf(schema);
  return innerType === undefined ? schema : unwrap(innerType);
}

/** The keys that the object at a path may have; null if the schema does not define them. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] | null {
  const { shape, element, valueType } = defOf(unwrap(schema));
  const [key, ...rest] = path;
  if (key === undefined) return shape === undefined ? null : Object.keys(shape);
  const next = shape?.[String(key)] ?? element ?? valueType;
  return next === undefined ? null : keysAt(next, rest);
}

/** Above this number, known keys are not listed if a likely one is suggested. */
const MANY = 12;

/** Describes an issue in one or two sentences; for an unknown key, with the known keys and the one that was probably meant. */
export function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const known = keysAt(schema, issue.path);
  if (known === null) return issue.message;
  const told = issue.keys.map((key) => ({ key, meant: didYouMean(key, known) }));
  const unknown = told.map(({ key, meant }) => `There is no "${key}" here.${meant}`).join(' ');
  const suffices = known.length > MANY && told.every(({ meant }) => meant !== '');
  return suffices ? unknown : `${unknown} Known: ${known.join(', ') || 'none'}.`;
}
