import type { FieldError } from '../contract/problem.js';

/** Maximum depth of arrays and objects; schemas, JSON.stringify and PostgreSQL's jsonb are all recursive. */
const DEEPEST = 64;
const MOST_FAULTS = 20;

/** NUL, which PostgreSQL cannot store in text, or a lone surrogate, which has no UTF-8. */
const unstorable = /\0|\p{Surrogate}/u;
const everyUnstorable = new RegExp(unstorable, 'gu');
const TEXT = 'contains a character that cannot be stored: NUL (U+0000), or half of a surrogate pair; leave it out';
const NAME = 'has a member whose name contains a character that cannot be stored: NUL (U+0000), or half of a surrogate pair';
const PROTO = 'has a member named "__proto__"; leave it out';
const NUMBER = 'is a number too large to be stored; the greatest is about 1.8e308';
const DEEP = `is nested deeper than ${DEEPEST} levels of arrays and objects`;

/** Whether PostgreSQL can store this text: no NUL, and no half of a surrogate pair. The kernel has already checked the input of routes. */
export const isStorable = (text: string): boolean => !unstorable.test(text);

/** Whether PostgreSQL has this calendar day, `2026-09-01`: it knows no year 0, which ISO 8601 does. For schemas of columns of type `date`. */
export const isStorableDay = (day: string): boolean => day >= '0001-01-01';

/** The text without NUL characters and halves of surrogate pairs. */
export const withoutUnstorable = (text: string): string => text.replace(everyUnstorable, '');

/** An array or object still to be checked, with its path. */
interface Place {
  value: object;
  depth: number;
  step: string;
  above: Place | null;
}

/**
 * Finds input that no plugin can store, whatever its schema accepts. Refused here, it cannot cause an error in the plugin. Checks plain
 * objects, arrays, strings and numbers at any depth; bytes are accepted.
 */
export function findUnstorable(part: FieldError['in'], input: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const places: Place[] = [];
  const tell = (above: Place | null, step: string | null, message: string) => {
    errors.push({ in: part, pointer: pointerOf([...stepsTo(above), ...(step === null ? [] : [step])]), message });
  };
  const look = (value: unknown, step: string, above: Place | null) => {
    const own = above === null ? null : step;
    if (typeof value === 'string') {
      if (unstorable.test(value)) tell(above, own, TEXT);
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) tell(above, own, NUMBER);
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      const depth = (above?.depth ?? 0) + 1;
      if (depth > DEEPEST) tell(above, own, DEEP);
      else places.push({ value, depth, step, above });
    }
  };
  look(input, '', null);
  for (let place = places.pop(); place !== undefined && errors.length < MOST_FAULTS; place = places.pop()) {
    const { value } = place;
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length && errors.length < MOST_FAULTS; index++) look(value[index], `${index}`, place);
      continue;
    }
    for (const name of Object.keys(value)) {
      if (errors.length >= MOST_FAULTS) break;
      if (name === '__proto__') tell(place, null, PROTO);
      else if (unstorable.test(name)) tell(place, null, NAME);
      else look((value as Record<string, unknown>)[name], name, place);
    }
  }
  return errors;
}

function stepsTo(place: Place | null): string[] {
  const steps: string[] = [];
  for (let each = place; each !== null && each.above !== null; each = each.above) steps.unshift(each.step);
  return steps;
}

/** JSON Pointer (RFC 6901). */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
