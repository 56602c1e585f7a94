import { isStorable } from '@ilearn/core';
import { z } from 'zod';

/** Trimmed text that PostgreSQL can store. */
export const text = (max: number) =>
  z.string().trim().max(max).refine(isStorable, 'must not contain a NUL character, or half of a surrogate pair');
