/** Finds the page for a path. Patterns have `:name` parameters: `/paden/:id`. */

interface Compiled<T> {
  target: T;
  segments: string[];
}

const split = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** Orders words before parameters, from the left: `/paden/nieuw` matches before `/paden/:id`. Only paths of one length compete. */
function bySpecificity(a: { segments: string[] }, b: { segments: string[] }): number {
  if (a.segments.length !== b.segments.length) return a.segments.length - b.segments.length;
  for (const [index, segment] of a.segments.entries()) {
    const difference = Number(segment.startsWith(':')) - Number(b.segments[index]?.startsWith(':') ?? false);
    if (difference !== 0) return difference;
  }
  return 0;
}

export class Matcher<T extends { path: string }> {
  readonly #compiled: Compiled<T>[];

  constructor(targets: readonly T[]) {
    this.#compiled = targets.map((target) => ({ target, segments: split(target.path) })).sort(bySpecificity);
  }

  /** The target whose pattern matches, with the decoded parameters. */
  match(path: string): { target: T; params: Record<string, string> } | undefined {
    const segments = split(path);
    for (const { target, segments: pattern } of this.#compiled) {
      if (pattern.length !== segments.length) continue;
      const params = paramsOf(pattern, segments);
      if (params) return { target, params };
    }
    return undefined;
  }
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const given = decoded(segments[index] ?? '');
    if (given === undefined) return undefined;
    if (expected.startsWith(':')) params[expected.slice(1)] = given;
    else if (expected !== given) return undefined;
  }
  return params;
}

/** The decoded segment; undefined for invalid percent-encoding, which matches no page. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
