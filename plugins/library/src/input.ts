import { isStorable } from '@ilearn/core';
import { z } from 'zod';

/* Schemas of text that people, tools and imports enter. */

const storable = (text: z.ZodString) => text.refine(isStorable, 'must not contain a NUL character, or half of a surrogate pair');

/** Characters that change the direction of the following text, and so can disguise it (Unicode UAX #9, embeddings and isolates). */
const turning = /[\u202a-\u202e\u2066-\u2069]/;

/** One line of text. */
export const line = (max: number) =>
  storable(z.string().trim().max(max))
    .regex(/^[^\r\n]*$/, 'must be a single line')
    .refine(
      (text) => !turning.test(text),
      'must not contain characters that change the direction of text (U+202A to U+202E, U+2066 to U+2069)',
    );

export const multiline = (max: number) => storable(z.string().max(max));

export const conceptUri = line(1000).min(1);
