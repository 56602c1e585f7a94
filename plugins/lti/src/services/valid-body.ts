import { Problem } from '@ilearn/core';
import type { z } from 'zod';

/** A body that its schema refuses, to be answered by the handler: the refusal then has its line in the trace. */
export class InvalidBody {
  constructor(readonly issues: readonly { path: PropertyKey[]; message: string }[]) {}
}

/** A schema that accepts any JSON, described in OpenAPI as `schema`. Read the output with {@link validBody}. */
export const checkedLater = <S extends z.ZodType>(schema: S): z.ZodType<z.output<S> | InvalidBody> =>
  schema.catch(
    // OpenAPI asks for the default value without an input.
    ((context?: { error: z.core.$ZodError }) =>
      context === undefined ? undefined : new InvalidBody(context.error.issues)) as never,
  ) as unknown as z.ZodType<z.output<S> | InvalidBody>;

/** @throws Problem 400 `validation-failed` with the place of each error */
export function validBody<T>(body: T | InvalidBody): T {
  if (!(body instanceof InvalidBody)) return body;
  const errors = body.issues.slice(0, 100).map(({ path, message }) => ({
    in: 'body' as const,
    pointer: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: message.slice(0, 500),
  }));
  throw new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: errors.length === 1 ? 'One field is invalid.' : `${errors.length} fields are invalid.`,
    errors,
  });
}
