import type { z } from 'zod';
import { type FieldError, Problem } from '../contract/problem.js';
import { pointerOf } from '../foundation/storable.js';

type Part = FieldError['in'];

/** Validates one part of a request and adds its errors to `errors`; the errors of all parts are reported together. */
export function validatePart(part: Part, schema: z.ZodType | undefined, value: unknown, errors: FieldError[]): unknown {
  if (schema === undefined) return part === 'body' ? undefined : {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    errors.push({
      in: part,
      pointer: pointerOf(path),
      message: message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message,
    });
  }
  return undefined;
}

/** Maximum number of errors reported: a body of a mebibyte can contain one in every other byte. */
const MOST_TOLD = 100;
/** Messages are cut to this length, because one may name each unknown member of a body. */
const LONGEST = 500;

export const validationProblem = (errors: FieldError[]): Problem =>
  new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: errors.length === 1 ? 'One field is invalid.' : `${errors.length} fields are invalid.`,
    errors: errors.slice(0, MOST_TOLD),
  });
