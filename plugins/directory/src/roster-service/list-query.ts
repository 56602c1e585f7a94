import { Problem } from '@ilearn/core';
import { z } from 'zod';

export const mostInPage = 1_000;
const mostConditions = 10;

/** Query of every list (OneRoster 1.2 Rostering Service §3.4). */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(mostInPage).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  sort: z.string().max(50).optional().describe('Name of a field'),
  orderBy: z.enum(['asc', 'desc']).default('asc'),
  filter: z.string().max(1_000).optional().describe(`field='value', with = != > >= < <= ~ and AND or OR between conditions`),
  fields: z
    .string()
    .max(500)
    .optional()
    .describe('Names of the fields to return, separated by commas; all if there is none of them'),
});
export type ListQuery = z.output<typeof listQuery>;

export interface Condition {
  field: string;
  operator: '=' | '!=' | '>' | '>=' | '<' | '<=' | '~';
  value: string;
}

export interface Filter {
  conditions: Condition[];
  joint: 'and' | 'or';
}

const pattern = /^\s*([A-Za-z]+)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*(?:(AND|OR)\b|$)/;

/**
 * Reads a filter of OneRoster 1.2 §3.4.3, in which all conditions are joined by the same word.
 *
 * @throws Problem 400 (`directory/roster-filter`) that quotes the part which is wrong
 */
export function readFilter(text: string): Filter {
  const conditions: Condition[] = [];
  const joints = new Set<string>();
  for (let rest = text; ; ) {
    const match = pattern.exec(rest);
    if (match === null) throw wrong(`This part of the filter is no condition: ${rest.slice(0, 60)}`);
    const [whole, field = '', operator = '=', value = '', joint] = match;
    conditions.push({ field, operator: operator as Condition['operator'], value: value.replaceAll("''", "'") });
    if (conditions.length > mostConditions) throw wrong(`A filter has at most ${mostConditions} conditions.`);
    if (joint === undefined) break;
    joints.add(joint);
    rest = rest.slice(whole.length);
  }
  if (joints.size > 1) throw wrong('A filter joins its conditions by AND or by OR, not by both.');
  return { conditions, joint: joints.has('OR') ? 'or' : 'and' };
}

/** A filter is malformed, or names a field that the resource does not have, or a value that does not fit it. */
export const wrong = (detail: string): Problem =>
  new Problem({ type: 'directory/roster-filter', status: 400, title: 'Filter not understood', detail });

/** Results cannot be sorted by this field. */
export const wrongSort = (detail: string): Problem =>
  new Problem({ type: 'directory/roster-sort', status: 400, title: 'Sort not understood', detail });

/**
 * Names of the fields to return (OneRoster 1.2 §3.4.5); null: all.
 *
 * @throws Problem 400 (`directory/roster-fields`) if one of them is blank
 */
export function readFields(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  const detail = 'fields has a blank name: write names with one comma between them.';
  throw new Problem({ type: 'directory/roster-fields', status: 400, title: 'Fields not understood', detail });
}
