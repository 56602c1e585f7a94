import { mayOpen } from '@ilearn/ui';

/** One thing that was found. */
export interface Result {
  title: string;
  /** A second line. */
  detail: string | null;
  /** Address within the portal. */
  place: string;
}

export interface Answer {
  results: Result[];
  /** Whether the source has further results. */
  more: boolean;
  /** How many results were left out, because they lead to no page that the person may open. */
  refused: number;
}

/** Longest text that is shown, in characters. */
const longest = 200;
/** Most results that are read; a source is asked for fewer. */
const mostRead = 50;

/**
 * Reads the answer of a source. The code of any plugin made it, so nothing in it is taken for granted.
 *
 * @param limit most results to return
 * @throws TypeError if it is no answer of a source
 */
export function readAnswer(answer: unknown, limit: number): Answer {
  if (!isObject(answer) || !Array.isArray(answer['results'])) throw new TypeError('the answer has no results');
  const given: unknown[] = answer['results'].slice(0, mostRead);
  const results = given.flatMap((result) => readResult(result) ?? []);
  return {
    results: results.slice(0, limit),
    more: answer['more'] === true || results.length > limit,
    refused: given.length - results.length,
  };
}

function readResult(result: unknown): Result | null {
  if (!isObject(result) || typeof result['title'] !== 'string' || result['title'].trim() === '') return null;
  const place = placeIn(result['place']);
  if (place === null) return null;
  const detail = typeof result['detail'] === 'string' && result['detail'] !== '' ? result['detail'].slice(0, longest) : null;
  return { title: result['title'].slice(0, longest), detail, place };
}

/** The address as the browser understands it, if it is a page of this portal that the person may open; otherwise null. */
export function placeIn(place: unknown): string | null {
  if (typeof place !== 'string' || !place.startsWith('/') || place.length > 2_000) return null;
  try {
    const { origin, pathname, search, hash } = new URL(place, location.origin);
    return origin === location.origin && mayOpen(pathname) ? `${pathname}${search}${hash}` : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
