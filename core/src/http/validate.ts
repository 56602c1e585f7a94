import type { z } from 'zod';
import { type FieldError, Problem } from '../contract/problem.js';

type Part = FieldError['in'];

/** Checks one part of a request; the errors of all parts are answered together. */
export function validatePart(part: Part, schema: z.ZodType | undefined, value: unknown, errors: FieldError[]): unknown {
  if (schema === undefined) return part === 'body' ? undefined : {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) errors.push({ in: part, pointer: pointerOf(issue.path), message: issue.message });
  return undefined;
}

/** JSON Pointer (RFC 6901). */
const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export const validationProblem = (errors: FieldError[]): Problem =>
  new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: errors.length === 1 ? 'One field is not as it should be.' : `${errors.length} fields are not as they should be.`,
    errors,
  });
